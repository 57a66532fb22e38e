"""Stored bits: nothing for nothing, all for all, the exact number where there is one between."""

import re

import numpy as np
import pytest

from tinyffn.studies.stored import stored_bits

LABELS = np.random.default_rng(0).integers(8, size=1000)
RIGHT = np.eye(8)[LABELS]


@pytest.mark.parametrize("scale", [1e-3, 1.0, 50.0, 1e6])
def test_all_known_is_all_the_bits_however_sure_the_model_is(scale):
    assert stored_bits(scale * RIGHT, LABELS) == pytest.approx(1000 * 3, rel=1e-6)


def test_equal_scores_and_sure_mistakes_store_nothing():
    assert stored_bits(np.zeros((1000, 8)), LABELS) == pytest.approx(0, abs=1e-6)
    assert stored_bits(-5.0 * RIGHT, LABELS) == pytest.approx(0, abs=1e-6)


def test_noise_stores_next_to_nothing():
    """The one number that is fitted gains about half a nat."""
    rng = np.random.default_rng(1)
    gained = [stored_bits(rng.standard_normal((1000, 8)), LABELS) for _ in range(5)]
    assert 0 <= np.mean(gained) < 2


@pytest.mark.parametrize("scale", [0.01, 1.0, 30.0])
def test_a_share_of_right_answers_as_sure_as_it_should_be(scale):
    """Named answers, of which 3 in 4 are right: best is p = 3/4 there, the rest in equal parts."""
    named = np.where(np.arange(1000) % 4 == 0, (LABELS + 1) % 8, LABELS)
    ce_bits = -0.75 * np.log2(0.75) - 0.25 * np.log2(0.25 / 7)
    bits = stored_bits(scale * np.eye(8)[named], LABELS)
    assert bits == pytest.approx(1000 * (3 - ce_bits), rel=1e-9)


def test_half_the_facts_known_and_no_word_about_the_others():
    known = np.where(np.arange(1000)[:, None] < 500, RIGHT, 0.0)
    assert stored_bits(known, LABELS) == pytest.approx(500 * 3, rel=1e-6)


def test_no_other_scale_stores_more():
    rng = np.random.default_rng(2)
    logits = 3.0 * rng.standard_normal((1000, 8)) + 2.0 * RIGHT
    bits = stored_bits(logits, LABELS)

    def at(scale):
        z = scale * logits
        log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
        return 1000 * 3 + log_p[np.arange(1000), LABELS].sum() / np.log(2)

    others = [at(scale) for scale in np.linspace(0, 2, 401)]
    assert max(others) <= bits + 1e-9
    assert max(others) == pytest.approx(bits, rel=1e-3)


def test_what_all_scores_share_does_not_matter():
    rng = np.random.default_rng(3)
    logits = rng.standard_normal((1000, 8)) + RIGHT
    shifted = (logits + 100.0 * rng.standard_normal((1000, 1))).astype(np.float32)
    assert stored_bits(shifted, LABELS) == pytest.approx(stored_bits(logits, LABELS), rel=1e-4)


@pytest.mark.parametrize(
    "logits, labels, error, message",
    [
        (np.ones(3), [0], ValueError, "stored_bits: logits (3,) must be (n, C), n facts with C"),
        (np.ones((3, 1)), [0] * 3, ValueError, "stored_bits: logits (3, 1) must be (n, C)"),
        (np.ones((0, 4)), [], ValueError, "stored_bits: logits (0, 4) must be (n, C)"),
        (np.ones((2, 4)), [0.0, 1.0], TypeError, "stored_bits: labels are float64, but must be in"),
        (np.ones((2, 4)), [0], ValueError, "stored_bits: labels (1,) do not fit logits (2, 4)"),
        (np.full((2, 4), np.nan), [0, 1], ValueError, "stored_bits: some logits are not finite"),
        (np.ones((2, 4)), [0, 4], ValueError, "stored_bits: labels run from 0 to 4, but must be "
         "from 0 to 3"),
        (np.ones((2, 4)), [-1, 0], ValueError, "stored_bits: labels run from -1 to 0"),
    ],
)  # fmt: skip
def test_message(logits, labels, error, message):
    with pytest.raises(error, match=re.escape(message)):
        stored_bits(logits, labels)
