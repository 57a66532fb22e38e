"""Digits: the sets are what they are called, and models of one seed see the same pictures."""

import re

import numpy as np
import pytest

from tinyffn import nn
from tinyffn.data import draw_glyphs, font_families
from tinyffn.data.glyphs import FAMILIES
from tinyffn.models import MLP
from tinyffn.studies import digits
from tinyffn.tensor import Tensor
from tinyffn.train import fit

AT_HAND = font_families()  # on some systems not all of them
HELD_OUT = list(AT_HAND)[-1]


@pytest.fixture(scope="module", autouse=True)
def the_fonts_at_hand():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(digits, "FAMILIES", AT_HAND)
        yield


@pytest.fixture(scope="module")
def sets(the_fonts_at_hand):
    assert len(AT_HAND) >= 2, "install matplotlib with pip: its fonts are missing"
    return digits.digit_sets(3, n_train=2000, n_test=300, held_out=HELD_OUT)


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
    digits.digit_sets(0, n_train=20, n_test=20, held_out=HELD_OUT)
    families = {family: set(faces) for family, faces in AT_HAND.items()}
    assert asked[3] == families.pop(HELD_OUT)
    assert asked[0] == asked[1] == asked[2] == set.union(*families.values())


def test_share_right_counts_the_highest_scores(sets):
    model = MLP([256, 10], rng=np.random.default_rng(0))
    pictures, labels = sets["choose"]
    layer = model.layers[0]
    scores = pictures @ layer.w.data + layer.b.data
    expected = np.mean([row.argmax() == label for row, label in zip(scores, labels, strict=True)])
    assert digits.share_right(model, pictures, labels) == pytest.approx(expected)


def test_share_right_asks_for_no_dropout():
    model = nn.Sequential(Tensor, nn.Dropout(0.5, rng=np.random.default_rng(1)))
    scores = np.eye(10, dtype=np.float32)
    assert digits.share_right(model, scores, np.arange(10)) == 1.0
    assert model.training


def test_scores_that_are_not_finite_are_wrong():
    scores = np.array([[np.nan, 0.0], [0.0, np.inf], [0.0, 1.0], [1.0, -np.inf]])
    assert digits.share_right(nn.Sequential(Tensor), scores, np.array([0, 1, 1, 0])) == 0.25


@pytest.mark.parametrize("labels", [np.zeros((20, 1)), np.zeros(1), np.zeros(19), 3])
def test_labels_that_do_not_fit_are_named(labels):
    message = f"share_right: labels {np.shape(labels)} do not fit pictures (20, 256): there must be"
    with pytest.raises(ValueError, match=re.escape(message)):
        digits.share_right(MLP([256, 10], rng=np.random.default_rng(0)), np.ones((20, 256)), labels)


def test_no_pictures_have_no_share():
    with pytest.raises(ValueError, match=re.escape("and a picture or more")):
        digits.share_right(nn.Sequential(), np.ones((0, 256)), np.ones(0))


def test_the_tests_are_the_same_for_any_size_of_training():
    small, large = (digits.digit_sets(5, n_train=n, n_test=20, held_out=HELD_OUT) for n in (20, 21))
    for name in ("choose", "known faces", "new faces"):
        assert np.array_equal(small[name][0], large[name][0])
        assert np.array_equal(small[name][1], large[name][1])


def test_models_of_one_seed_see_the_same_pictures_in_one_order(sets, monkeypatch):
    seen = []

    def spy(model, loss, batches, optimizer, **settings):
        seen.append([next(batches) for _ in range(4)])
        return fit(model, loss, batches, optimizer, **settings)

    monkeypatch.setattr(digits, "fit", spy)
    for width in (4, 7):
        model = MLP([256, width, 10], rng=np.random.default_rng(width))
        digits.train_digits(model, sets, seed=3, rate=1e-3, steps=1, progress=False)
    for (x, labels), (other_x, other_labels) in zip(*seen, strict=True):
        assert np.array_equal(x, other_x) and np.array_equal(labels, other_labels)


def test_progress_is_shown_if_wanted(sets, capsys):
    model = MLP([256, 10], rng=np.random.default_rng(0))
    digits.train_digits(model, sets, seed=3, rate=1e-3, steps=1, progress=False)
    assert capsys.readouterr().err == ""
    digits.train_digits(model, sets, seed=3, rate=1e-3, steps=1)
    assert "1/1" in capsys.readouterr().err


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
    with pytest.raises(ValueError, match=re.escape("held_out is 'Arial', but must be one of Deja")):
        digits.digit_sets(0, held_out="Arial")


def test_a_face_that_is_missing_is_named(monkeypatch):
    faces = (*FAMILIES["STIX"], "NoSuchFace")
    monkeypatch.setattr(digits, "FAMILIES", {**FAMILIES, "STIX": faces})
    message = r"digit_sets: matplotlib came without .*NoSuchFace: .*install matplotlib with pip"
    with pytest.raises(RuntimeError, match=message):
        digits.digit_sets(0)
