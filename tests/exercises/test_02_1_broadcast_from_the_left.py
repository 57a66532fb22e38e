"""The reference of exercise 2.1 against copying in a loop, and against the library on its side."""

import numpy as np
import pytest

from tinyffn.tensor import unbroadcast

CASES = [
    ((5, 3), [(5,), (5, 3), (1,), (1, 3), (5, 1), ()]),
    ((4, 4), [(4,), (1, 4), (4, 1)]),
    ((2, 5, 3), [(2,), (2, 5), (2, 1, 3), (1, 5), (1, 1, 3)]),
    ((1, 3), [(1,), (1, 3), (1, 1)]),
    ((), [()]),
]


@pytest.fixture
def sum_gradients(part):
    return part("2.1", "reference").sum_gradients


def copied(term, y_shape):
    """The term, stretched to y's shape as a loop over y would read it."""
    y = np.empty(y_shape)
    for place in np.ndindex(y_shape):
        kept = place[: term.ndim]
        y[place] = term[tuple(i if n > 1 else 0 for i, n in zip(kept, term.shape, strict=True))]
    return y


@pytest.mark.parametrize("y_shape, shapes", CASES, ids=str)
def test_a_nudge_of_any_entry_raises_the_loss_by_its_gradient(
    sum_gradients, y_shape, shapes, seeds
):
    """Copying is linear: the loss of a term with a single 1 is the gradient of that entry."""
    for seed in seeds:
        dy = np.random.default_rng(seed).normal(size=y_shape)
        gradients = sum_gradients(dy, shapes)
        assert [gradient.shape for gradient in gradients] == shapes
        for gradient, shape in zip(gradients, shapes, strict=True):
            for place in np.ndindex(shape):
                one = np.zeros(shape)
                one[place] = 1.0
                assert gradient[place] == pytest.approx(np.vdot(copied(one, y_shape), dy))


@pytest.mark.parametrize("y_shape, shapes", CASES, ids=str)
def test_it_is_the_library_s_seen_in_a_mirror(sum_gradients, y_shape, shapes):
    """With the axes of everything in reverse, left is right."""
    dy = np.random.default_rng(0).normal(size=y_shape)
    for gradient, shape in zip(sum_gradients(dy, shapes), shapes, strict=True):
        np.testing.assert_allclose(gradient, unbroadcast(dy.T, shape[::-1]).T)


def test_float32_stays(sum_gradients):
    (gradient,) = sum_gradients(np.ones((5, 3), np.float32), [(5,)])
    assert gradient.dtype == np.float32
