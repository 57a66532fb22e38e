"""The reference of exercise 4.3: the function stays, and it is the one that shares equally."""

import numpy as np
import pytest

from tinyffn.studies.layers import random_layers, run

WIDTHS = [(3, 4, 2), (3, 4, 5, 2), (2, 3, 4, 5, 6), (1, 1, 1)]


@pytest.fixture
def widen(part):
    return part("4.3", "reference").widen


def draw(seed, widths):
    rng = np.random.default_rng(seed)
    layers = random_layers(list(widths), rng=rng, bias_std=0.5)
    copies = []
    for old in widths[1:-1]:
        added = rng.integers(0, old, size=rng.integers(0, 6))
        copies.append(rng.permutation(np.concatenate([np.arange(old), added])))
    return layers, copies, rng.normal(size=(20, widths[0]))


@pytest.mark.parametrize("widths", WIDTHS, ids=str)
def test_the_function_stays_and_copies_are_copies(widen, widths, seeds):
    for seed in seeds:
        layers, copies, x = draw(seed, widths)
        wide = widen(layers, copies)
        np.testing.assert_allclose(run(wide, x), run(layers, x), rtol=1e-10, atol=1e-10)
        for copy, (w, b), (w_next, _) in zip(copies, wide[:-1], wide[1:], strict=True):
            assert w.shape[1] == len(b) == len(w_next) == len(copy)
            for unit in set(copy.tolist()):
                alike = np.flatnonzero(copy == unit)
                assert np.ptp(w[:, alike], axis=1).max() < 1e-15 and np.ptp(b[alike]) == 0
                assert np.ptp(w_next[alike], axis=0).max() < 1e-15


def test_nothing_to_copy_changes_nothing(widen):
    layers, _, _ = draw(0, (3, 4, 5, 2))
    same = widen(layers, [np.arange(4), np.arange(5)])
    assert all(np.array_equal(a, b) for old, new in zip(layers, same, strict=True)
               for a, b in zip(old, new, strict=True))  # fmt: skip


def test_float32_stays_and_the_old_layers_are_left_alone(widen):
    layers, copies, _ = draw(1, (3, 4, 5, 2))
    layers = [tuple(part.astype(np.float32) for part in layer) for layer in layers]
    before = [w.copy() for w, _ in layers]
    assert {part.dtype for layer in widen(layers, copies) for part in layer} == {
        np.dtype("float32")
    }
    assert all(np.array_equal(w, kept) for (w, _), kept in zip(layers, before, strict=True))


def test_the_first_two_hints_do_not_hold_the_answer(exercise):
    for hint in exercise("4.3").hints[:2]:
        assert not any(code in hint for code in ("np.", "bincount", "[", "counts"))
