"""Digits: the sets are what they are called, and models of one seed see the same pictures."""

import re

import numpy as np
import pytest

from tinyffn.data import draw_glyphs, font_families
from tinyffn.models import MLP
from tinyffn.studies import digits


@pytest.fixture(scope="module")
def sets():
    return digits.digit_sets(3, n_train=2000, n_test=300, held_out="STIX")


def test_shapes_and_no_picture_twice(sets):
    assert list(sets) == ["train", "choose", "known faces", "new faces"]
    for name, (pictures, labels) in sets.items():
        n = 2000 if name == "train" else 300
        assert pictures.shape == (n, 256) and labels.shape == (n,)
    everything = np.concatenate([pictures for pictures, _ in sets.values()])
    assert len(np.unique(everything, axis=0)) == 2900


def test_only_the_last_set_shows_the_family_held_out(monkeypatch):
    asked = []

    def spy(n, *, rng, faces):
        asked.append(set(faces))
        return draw_glyphs(n, rng=rng, faces=faces)

    monkeypatch.setattr(digits, "draw_glyphs", spy)
    digits.digit_sets(0, n_train=20, n_test=20, held_out="STIX")
    families = {family: set(faces) for family, faces in font_families().items()}
    assert asked[3] == families.pop("STIX")
    assert asked[0] == asked[1] == asked[2] == set.union(*families.values())


def test_share_right_counts_the_highest_scores(sets):
    model = MLP([256, 10], rng=np.random.default_rng(0))
    pictures, labels = sets["choose"]
    layer = model.layers[0]
    scores = pictures @ layer.w.data + layer.b.data
    expected = np.mean([row.argmax() == label for row, label in zip(scores, labels, strict=True)])
    assert digits.share_right(model, pictures, labels) == pytest.approx(expected)


def test_a_short_training_learns_and_is_the_same_again(sets):
    def run():
        model = MLP([256, 32, 10], rng=np.random.default_rng(0))
        history = digits.train_digits(model, sets, seed=3, rate=3e-3, steps=300)
        return model, history

    model, history = run()
    assert len(history.eval_loss) == 30 and history.eval_loss[-1] < 0.4 < history.eval_loss[0]
    right = digits.share_right(model, *sets["known faces"])
    assert history.eval_loss[-1] == pytest.approx(1 - right)
    assert run()[1].loss == history.loss


def test_an_unknown_family_is_named():
    with pytest.raises(ValueError, match=re.escape("held_out is 'Arial', but must be one of two")):
        digits.digit_sets(0, held_out="Arial")
