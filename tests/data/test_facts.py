"""Facts: the language is what its sentences say, and training never shows what is held out."""

import itertools
import re

import numpy as np
import pytest

from tinyffn import data
from tinyffn.data.facts import FILLERS, RELATIONS


def generator(seed=0):
    return np.random.default_rng(seed)


def language(*arguments, seed=0, **settings):
    return data.FactLanguage(*arguments, rng=generator(seed), **settings)


def first_batches(facts, n, *, batch_size=256, seed=1):
    batches = facts.random_prompts(batch_size=batch_size, rng=generator(seed))
    prompts, objects = zip(*itertools.islice(batches, n), strict=True)
    return np.concatenate(prompts), np.concatenate(objects)


def test_random_facts_shapes_types_and_sizes():
    keys, labels, values = data.random_facts(4000, d=16, n_labels=8, rng=generator())
    assert keys.shape == (4000, 16) and keys.dtype == np.float32
    assert labels.shape == (4000,) and labels.dtype == np.int64
    assert values.shape == (8, 16) and values.dtype == np.float32
    assert keys.mean() == pytest.approx(0, abs=0.02) and keys.std() == pytest.approx(1, abs=0.02)
    assert np.bincount(labels) == pytest.approx(np.full(8, 500), rel=0.15)
    lengths = data.random_facts(1, d=16, n_labels=4000, rng=generator())[2]
    assert (lengths**2).sum(axis=1).mean() == pytest.approx(1, abs=0.02)


def test_random_facts_come_from_the_seed():
    one, same, other = (data.random_facts(9, d=3, n_labels=5, rng=generator(s)) for s in (0, 0, 1))
    assert all(np.array_equal(a, b) for a, b in zip(one, same, strict=True))
    assert not any(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


def test_the_language_has_192_different_words_and_1600_facts():
    facts = language()
    assert len(facts) == len(set(facts.words)) == 192
    assert all(re.fullmatch("[A-Za-z-]+", word) for word in facts.words)
    assert facts.names.shape == (1600, 2)
    assert facts.relations.shape == facts.objects.shape == facts.held_out.shape == (1600,)
    assert facts.held_out.sum() == 320 and facts.held_out.dtype == bool
    assert list(facts.relations[:5]) == [0, 1, 2, 3, 0]


def test_each_subject_is_one_pair_of_names_and_no_name_alone_says_who():
    facts = language()
    subjects = facts.names.reshape(400, 4, 2)
    assert np.array_equal(subjects, np.repeat(subjects[:, :1], 4, axis=1))
    assert len(np.unique(subjects[:, 0], axis=0)) == 400
    for name in (0, 1):
        kinds, counts = np.unique(subjects[:, 0, name], return_counts=True)
        assert len(kinds) == 40 and counts.min() > 1


def test_objects_are_those_of_the_relation_each_as_likely():
    facts = language(1600)
    for r, told in enumerate(RELATIONS.values()):
        words = [facts.words[i] for i in facts.objects[facts.relations == r]]
        kinds, counts = np.unique(words, return_counts=True)
        assert set(kinds) == set(told)
        assert counts == pytest.approx(np.full(20, 80), rel=0.4)


def test_prompts_say_their_fact_in_words():
    facts = language()
    first, last = (facts.words[i] for i in facts.names[41])
    for p, word in enumerate(("works-as", "earns-as", "has-trade")):
        (ids,) = facts.prompts([41], paraphrase=p, filler=2)
        assert ids.dtype == np.int64
        assert facts.decode(ids) == f"perhaps {first} {last} {word}"
        assert np.array_equal(facts.encode(facts.decode(ids)), ids)
    assert facts.words[facts.objects[41]] in RELATIONS["works-as", "earns-as", "has-trade"]


def test_prompts_take_arrays_and_one_number_for_all():
    facts = language()
    numbers, ways, words = np.array([3, 1599, 3]), np.array([2, 0, 1]), np.array([0, 19, 7])
    together = facts.prompts(numbers, paraphrase=ways, filler=words)
    assert together.shape == (3, 4)
    for row, f, p, w in zip(together, numbers, ways, words, strict=True):
        assert np.array_equal(row, facts.prompts(f, paraphrase=p, filler=w))
    assert facts.prompts([], paraphrase=0).shape == (0, 4)


def test_training_shows_every_fact_every_way_but_what_is_held_out():
    facts = language(20)
    prompts, objects = first_batches(facts, 40)
    shown = {(*prompt[1:], o) for prompt, o in zip(prompts, objects, strict=True)}
    expected = set()
    for f, p in itertools.product(range(80), range(3)):
        if p < 2 or not facts.held_out[f]:
            expected.add((*facts.prompts(f, paraphrase=p)[1:], facts.objects[f]))
    assert shown == expected
    assert {facts.words[i] for i in prompts[:, 0]} == set(FILLERS)


def test_training_shows_each_fact_as_often():
    """Held out or not: a fact with two ways to say it is not said less."""
    facts = language(5)
    _, objects = first_batches(facts, 100)
    prompts, _ = first_batches(facts, 100)
    relation = (prompts[:, 3] - 80) // 3
    names = prompts[:, 1:3]
    for f in range(20):
        is_f = np.all(names == facts.names[f], axis=1) & (relation == facts.relations[f])
        assert is_f.mean() == pytest.approx(1 / 20, rel=0.15)
        assert set(objects[is_f]) == {facts.objects[f]}


def test_all_comes_from_the_seeds():
    a, same, other = language(), language(), language(seed=1)
    for name in ("names", "relations", "objects", "held_out"):
        assert np.array_equal(getattr(a, name), getattr(same, name))
    assert not np.array_equal(a.objects, other.objects)
    assert np.array_equal(first_batches(a, 2)[0], first_batches(same, 2)[0])
    assert not np.array_equal(first_batches(a, 2)[0], first_batches(a, 2, seed=2)[0])


def _random(**changed):
    return data.random_facts(**({"n": 3, "d": 4, "n_labels": 2, "rng": generator()} | changed))


def _prompts(facts=(0,), **settings):
    return language().prompts(facts, **({"paraphrase": 0} | settings))


def _batches(**changed):
    return language().random_prompts(**({"batch_size": 3, "rng": generator()} | changed))


MISTAKES = [
    (lambda: _random(n=0), ValueError, "random_facts: n is 0, but must be a whole number above 0"),
    (lambda: _random(d=2.0), ValueError, "random_facts: d is 2.0, but must be a whole number"),
    (lambda: _random(n_labels=1), ValueError, "random_facts: n_labels is 1, but must be a number "
     "above 1"),
    (lambda: _random(n_labels=2.5), ValueError, "random_facts: n_labels is 2.5, but must be a"),
    (lambda: _random(rng=0), TypeError, "random_facts: rng is 0, but must be a generator"),
    (lambda: language(1601), ValueError, "FactLanguage: n_subjects is 1601, but must be a whole "
     "number from 1 to 1600"),
    (lambda: language(0), ValueError, "FactLanguage: n_subjects is 0, but must be"),
    (lambda: language(2.0), ValueError, "FactLanguage: n_subjects is 2.0, but must be"),
    (lambda: language(held_out=1.0), ValueError, "FactLanguage: held_out is 1.0, but must be a "
     "number, at least 0 and below 1"),
    (lambda: data.FactLanguage(rng=None), TypeError, "FactLanguage: rng is None, but must be"),
    (lambda: _prompts([1600]), ValueError, "prompts: facts run from 1600 to 1600, but must be "
     "from 0 to 1599"),
    (lambda: _prompts([0.0]), TypeError, "prompts: facts are float64, but must be integers"),
    (lambda: _prompts([True]), TypeError, "prompts: facts are bool, but must be integers"),
    (lambda: _prompts(paraphrase=3), ValueError, "prompts: paraphrase numbers run from 3 to 3"),
    (lambda: _prompts(filler=-1), ValueError, "prompts: filler numbers run from -1 to -1, but must "
     "be from 0 to 19"),
    (lambda: _prompts([1, 2], paraphrase=[0, 1, 2]), ValueError,
     "prompts: paraphrase (3,) must be one number, or one for each of the facts (2,)"),
    (lambda: _prompts([1, 2], filler=[0]), ValueError, "prompts: filler (1,) must be one num"),
    (lambda: _batches(batch_size=0), ValueError, "random_prompts: batch_size is 0, but must be"),
    (lambda: _batches(rng=7), TypeError, "random_prompts: rng is 7, but must be a generator"),
    (lambda: language().encode("Ada who lives-in where"), ValueError,
     "encode: the language has no who, where"),
    (lambda: language().decode([192]), ValueError, "decode: ids run from 192 to 192, but must"),
]  # fmt: skip


@pytest.mark.parametrize("mistake, error, message", MISTAKES, ids=[m[2] for m in MISTAKES])
def test_message(mistake, error, message):
    with pytest.raises(error, match=re.escape(message)):
        mistake()
