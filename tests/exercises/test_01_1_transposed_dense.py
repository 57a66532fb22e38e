"""The reference of exercise 1.1 against a naive loop and against numeric derivatives."""

import itertools

import numpy as np
import pytest

LEADING = [(), (5,), (2, 5), (2, 3, 5)]


@pytest.fixture
def dense(part):
    return part("1.1", "reference").dense


def draw(seed, leading):
    rng = np.random.default_rng(seed)
    shapes = (*leading, 4), (3, 4), (3,), (*leading, 3)
    return [rng.normal(size=shape) for shape in shapes]


def derivative(f, array, eps=1e-6):
    """Central differences of the number f() for every entry of an array that f reads."""
    slope = np.zeros_like(array)
    for i in np.ndindex(*array.shape):
        kept = array[i]
        array[i] = kept + eps
        up = f()
        array[i] = kept - eps
        slope[i] = (up - f()) / (2 * eps)
        array[i] = kept
    return slope


@pytest.mark.parametrize("leading", LEADING)
def test_forward_is_the_loop_of_its_formula(dense, leading, seeds):
    for seed in seeds:
        x, w, b, _ = draw(seed, leading)
        y, _ = dense(x, w, b)
        for n in np.ndindex(*leading):
            for j in range(3):
                expected = b[j] + sum(x[(*n, i)] * w[j, i] for i in range(4))
                assert y[(*n, j)] == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("leading", LEADING)
def test_backward_is_the_derivative(dense, leading, seeds):
    for seed in seeds:
        x, w, b, dy = draw(seed, leading)
        _, backward = dense(x, w, b)
        for value, slope in zip((x, w, b), backward(dy), strict=True):
            numeric = derivative(lambda: (dense(x, w, b)[0] * dy).sum(), value)  # noqa: B023
            assert slope.shape == value.shape
            np.testing.assert_allclose(slope, numeric, rtol=1e-6, atol=1e-7)


def test_float32_stays(dense):
    x, w, b, dy = (array.astype(np.float32) for array in draw(0, (5,)))
    y, backward = dense(x, w, b)
    assert {array.dtype for array in (y, *backward(dy))} == {np.dtype("float32")}


def test_the_first_two_hints_do_not_hold_the_answer(exercise):
    hints = exercise("1.1").hints
    for hint, name in itertools.product(hints[:2], ("einsum", "tensordot", "sum(", "@", ".T")):
        assert name not in hint
