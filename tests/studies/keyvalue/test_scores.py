"""Scores of an edit: each group is who it should be, and each share counts what it says."""

import re

import numpy as np
import pytest

from tinyffn.data import FactLanguage
from tinyffn.nn import Module
from tinyffn.studies.keyvalue.scores import edit_scores, groups, told
from tinyffn.tensor import Tensor

LANGUAGE = FactLanguage(60, rng=np.random.default_rng(0))
FACT = 41


class Oracle(Module):
    """Says what it is told to: logits 5 for the object of each fact, by names and relation."""

    def __init__(self, objects, *, ways=(0, 1, 2)):
        self.answers, self.ways = {}, ways
        for fact, answer in enumerate(objects):
            for way in range(3):
                words = LANGUAGE.prompts([fact], paraphrase=way)[0, 1:]
                right = answer if way in ways else LANGUAGE.objects[fact]
                self.answers[tuple(words)] = right

    def __call__(self, ids):
        logits = np.zeros((*ids.shape, len(LANGUAGE)))
        for row, words in zip(logits, ids, strict=True):
            row[-1, self.answers[tuple(words[1:])]] = 5.0
        return Tensor(logits)


def edited_objects(facts, *, by=1):
    objects = LANGUAGE.objects.copy()
    for fact in facts:
        choices = LANGUAGE.choices[fact]
        place = int(np.flatnonzero(choices == objects[fact])[0])
        objects[fact] = choices[(place + by) % 20]
    return objects


def test_groups_are_found_by_names():
    found = groups(LANGUAGE, FACT)
    names = LANGUAGE.names
    for fact in range(240):
        shared = (names[fact] == names[FACT]).sum()
        assert found["subject"][fact] == (shared == 2 and fact != FACT)
        assert found["neighbours"][fact] == (shared == 1)
        assert found["others"][fact] == (fact != FACT)
    assert found["subject"].sum() == 3 and found["neighbours"].any()


def test_a_clean_edit_scores_full_marks():
    objects = edited_objects([FACT])
    scores = edit_scores(Oracle(objects), LANGUAGE, FACT, objects[FACT])
    nats = scores.pop("neighbour_nats")
    assert nats == pytest.approx(np.log(np.exp(5) + 191) - 5)
    assert set(scores.values()) == {1.0}
    assert list(scores) == ["efficacy", "paraphrase", "subject", "neighbours", "others"]


def test_an_edit_of_one_paraphrase_alone_has_no_paraphrase_score():
    objects = edited_objects([FACT])
    model = Oracle(objects, ways=(1,))
    told_so = edit_scores(model, LANGUAGE, FACT, objects[FACT], paraphrase=1)
    assert (told_so["efficacy"], told_so["paraphrase"]) == (1.0, 0.0)
    assert edit_scores(model, LANGUAGE, FACT, objects[FACT])["efficacy"] == 0.0
    assert edit_scores(model, LANGUAGE, FACT, objects[FACT])["paraphrase"] == 0.5


def test_efficacy_compares_two_objects_and_no_third():
    new = edited_objects([FACT])[FACT]

    class NewIsSecond(Oracle):
        def __call__(self, ids):
            logits = super().__call__(ids).data
            logits[..., new] += 1.0
            return Tensor(logits)

    model = NewIsSecond(edited_objects([FACT], by=2))  # the first is neither new nor old
    scores = edit_scores(model, LANGUAGE, FACT, new)
    assert (scores["efficacy"], scores["paraphrase"]) == (1.0, 0.0)


def test_other_facts_are_asked_for_with_the_paraphrase_of_the_edit_and_every_filler():
    near = np.flatnonzero(groups(LANGUAGE, FACT)["neighbours"])[:2]
    objects, fillers = edited_objects([FACT, *near]), set()

    class Noting(Oracle):
        def __call__(self, ids):
            fillers.update(ids[:, 0])
            return super().__call__(ids)

    model = Noting(objects, ways=(1,))
    told(model, LANGUAGE)
    assert len(fillers) == 20
    assert edit_scores(model, LANGUAGE, FACT, objects[FACT])["neighbours"] == 1
    assert edit_scores(model, LANGUAGE, FACT, objects[FACT], paraphrase=1)["neighbours"] < 1


def test_damage_is_counted_where_it_is_done():
    found = groups(LANGUAGE, FACT)
    same, near = np.flatnonzero(found["subject"])[:1], np.flatnonzero(found["neighbours"])[:2]
    objects = edited_objects([FACT, *same, *near])
    scores = edit_scores(Oracle(objects), LANGUAGE, FACT, objects[FACT])
    assert scores["subject"] == pytest.approx(2 / 3)
    assert scores["neighbours"] == pytest.approx(1 - 2 / found["neighbours"].sum())
    assert scores["others"] == pytest.approx(1 - 3 / 239)
    is_right, nats = told(Oracle(objects), LANGUAGE)
    assert list(np.flatnonzero(~is_right)) == sorted([FACT, *same, *near])
    assert nats[FACT] == pytest.approx(nats.min() + 5)


@pytest.mark.parametrize(
    "fact, new, message",
    [
        (240, 100, "edit_scores: fact numbers run from 240 to 240, but must be from 0 to 239"),
        (0, 192, "edit_scores: objects run from 192 to 192, but must be from 0 to 191"),
        (0, int(LANGUAGE.objects[0]), "as before the edit"),
    ],
)
def test_what_does_not_fit_is_said(fact, new, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        edit_scores(Oracle(LANGUAGE.objects), LANGUAGE, fact, new)
    message = "edit_scores: paraphrase numbers run from 3 to 3, but must be from 0 to 2"
    with pytest.raises(ValueError, match=message):
        edit_scores(Oracle(LANGUAGE.objects), LANGUAGE, 0, 100, paraphrase=3)
    with pytest.raises(TypeError, match="edit_scores: objects are float64, but must be integers"):
        edit_scores(Oracle(LANGUAGE.objects), LANGUAGE, 0, 100.0)
