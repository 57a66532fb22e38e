"""The reference of exercise 13.2 against the library, a fine grid of scales, and closed forms."""

import numpy as np
import pytest

from tinyffn.studies.stored import stored_bits


@pytest.fixture
def bits_stored(part):
    return part("13.2", "reference").bits_stored


def drawn(seed, n=60, n_labels=4):
    rng = np.random.default_rng(seed)
    prior = rng.dirichlet(np.full(n_labels, 3.0))
    labels = rng.choice(n_labels, size=n, p=prior)
    return rng.normal(size=(n, n_labels)) + np.eye(n_labels)[labels], labels, prior


def test_with_labels_as_likely_it_is_the_library_s(bits_stored, seeds):
    for seed in seeds:
        scores, labels, _ = drawn(seed)
        bits, _ = bits_stored(scores, labels, np.full(4, 0.25), 1e3)
        assert bits == pytest.approx(stored_bits(scores, labels), rel=1e-8)


def saved(scale, scores, labels, prior):
    """Bits that one scale saves, straight from the task's formula."""
    p = prior * np.exp(scale * scores)
    right = (p / p.sum(axis=1, keepdims=True))[np.arange(len(labels)), labels]
    return np.log2(right / prior[labels]).sum()


def test_no_other_scale_saves_more(bits_stored, seeds):
    for seed in seeds:
        scores, labels, prior = drawn(seed)
        bits, scale = bits_stored(scores, labels, prior, 20.0)
        assert saved(scale, scores, labels, prior) == pytest.approx(bits, rel=1e-9)
        grid = np.linspace(0, 20, 4001)
        values = np.array([saved(a, scores, labels, prior) for a in grid])
        assert values.max() <= bits + 1e-9
        assert grid[values.argmax()] == pytest.approx(scale, abs=0.005)


def test_named_answers_of_which_a_share_is_right(bits_stored):
    """Two labels as likely: best is p = share, so e^scale = share / (1 - share)."""
    labels = np.arange(100) % 2
    named = np.where(np.arange(100) < 80, labels, 1 - labels)
    bits, scale = bits_stored(np.eye(2)[named], labels, np.array([0.5, 0.5]), 50.0)
    assert np.exp(scale) == pytest.approx(0.8 / 0.2)
    assert bits == pytest.approx(100 * (1 + 0.8 * np.log2(0.8) + 0.2 * np.log2(0.2)))


def test_what_is_known_anyway_is_not_stored(bits_stored):
    labels = (np.arange(100) < 10).astype(int)
    always = np.tile([1.0, 0.0], (100, 1))
    bits, scale = bits_stored(always, labels, np.array([0.9, 0.1]), 50.0)
    assert bits == pytest.approx(0, abs=1e-9) and scale == pytest.approx(0, abs=1e-9)
