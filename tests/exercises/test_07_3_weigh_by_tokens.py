"""The reference of exercise 7.3 against one large batch, taken as a whole."""

import numpy as np
import pytest

from tinyffn.ops import cross_entropy, linear
from tinyffn.tensor import Tensor


@pytest.fixture
def answer(part):
    return part("7.3", "reference")


def parts(seed, k=8, d=4, classes=3):
    """Examples and classes of parts with different numbers of rows, and weights to start with."""
    rng = np.random.default_rng(seed)
    counts = rng.integers(1, 30, size=k)
    xs = [rng.normal(size=(n, d)) for n in counts]
    ys = [rng.integers(0, classes, size=n) for n in counts]
    return xs, ys, rng.normal(size=(d, classes)), counts


def gradient(x, y, w, factor=1.0):
    """The gradient for w of a mean cross-entropy, times a factor."""
    w = Tensor(w, requires_grad=True)
    (float(factor) * cross_entropy(linear(x, w), targets=y)).backward()
    return w.grad


def test_parts_merged_in_a_row_are_the_whole_batch(answer, seeds):
    for seed in seeds:
        xs, ys, w, counts = parts(seed)
        mean, n = np.full(w.shape, np.nan), 0
        for x, y in zip(xs, ys, strict=True):
            mean, n = answer.merge(mean, n, gradient(x, y, w), len(x))
        whole = gradient(np.concatenate(xs), np.concatenate(ys), w)
        np.testing.assert_allclose(mean, whole, rtol=1e-10, atol=1e-12)
        assert n == counts.sum() and type(n) is int


def test_losses_with_factors_averaged_over_parts_are_the_whole_batch(answer, seeds):
    for seed in seeds:
        xs, ys, w, counts = parts(seed)
        factors = answer.loss_factors(counts)
        each = [gradient(*part, w, f) for *part, f in zip(xs, ys, factors, strict=True)]
        whole = gradient(np.concatenate(xs), np.concatenate(ys), w)
        np.testing.assert_allclose(np.mean(each, axis=0), whole, rtol=1e-10, atol=1e-12)


def test_empty_parts_leave_the_others_alone(answer):
    a, nothing = np.array([1.0, 2.0]), np.full(2, np.nan)
    for given in ((a, 5, nothing, 0), (nothing, 0, a, 5)):
        mean, n = answer.merge(*given)
        assert mean.tolist() == [1, 2] and n == 5 and mean is not a
    mean, n = answer.merge(nothing, 0, nothing, 0)
    assert np.isnan(mean).all() and n == 0
    assert answer.loss_factors(np.array([3, 0, 1, 0])).tolist() == [3, 0, 1, 0]


def test_float32_stays(answer):
    a = np.ones(3, "float32")
    mean, _ = answer.merge(a, 3, 2 * a, 1)
    assert mean.dtype == np.float32 and np.allclose(mean, 1.25)
    assert answer.loss_factors(np.array([1, 2])).dtype == np.float64


def test_the_first_two_hints_do_not_hold_the_answer(exercise):
    for hint in exercise("7.3").hints[:2]:
        assert not any(code in hint for code in ("n_a *", "sum(", "/ K", "copy"))
