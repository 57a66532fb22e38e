"""The reference of exercise 2.2 against its formula, numeric derivatives and many digits."""

import decimal

import numpy as np
import pytest

from tinyffn.gradcheck import check_pair
from tinyffn.ops import softmax
from tinyffn.tensor import Tensor, op


@pytest.fixture
def logsumexp(part):
    return part("2.2", "reference").logsumexp


@pytest.mark.parametrize("axis", [0, 1, 2, -1])
@pytest.mark.parametrize("sharpness", [1.0, 3.0, -0.5])
def test_y_is_its_formula_and_dx_its_derivative(logsumexp, axis, sharpness, seeds):
    for seed in seeds:
        rng = np.random.default_rng(seed)
        x = rng.normal(size=(2, 3, 4))
        y, _ = logsumexp(x, axis=axis, sharpness=sharpness)
        plain = np.log(np.exp(sharpness * x).sum(axis=axis)) / sharpness
        np.testing.assert_allclose(y, plain, rtol=1e-12, atol=1e-12)
        assert check_pair(logsumexp, x, rng=rng, axis=axis, sharpness=sharpness) < 1e-6


def exactly(row, sharpness):
    """y of one row, with four hundred digits."""
    with decimal.localcontext(prec=400, Emin=-(10**7), Emax=10**7):
        s = decimal.Decimal(sharpness)
        return float(sum((s * decimal.Decimal(x)).exp() for x in row).ln() / s)


@pytest.mark.parametrize("sharpness", [1.5, -2.0])
def test_large_numbers_are_as_right_as_small_ones(logsumexp, sharpness):
    rows = np.random.default_rng(0).normal(size=(4, 3))
    rows += [[1e4], [-1e4], [0.0], [300.0]]
    rows[3] *= [1, -1, 1]
    y, backward = logsumexp(rows, axis=1, sharpness=sharpness)
    np.testing.assert_allclose(y, [exactly(r.tolist(), sharpness) for r in rows], rtol=1e-12)
    (dx,) = backward(np.ones(4))
    np.testing.assert_allclose(dx, softmax.pair(sharpness * rows)[0], rtol=1e-12, atol=0)


def test_it_is_an_op_of_the_library_and_keeps_float32(logsumexp):
    x = Tensor(np.array([[1e4, 1e4, 0.0]], np.float32), requires_grad=True)
    y = op(logsumexp)(x, axis=1, sharpness=np.float64(1.0))
    y.backward(np.ones(1, np.float32))
    np.testing.assert_allclose(x.grad, [[0.5, 0.5, 0]])
    assert y.dtype == x.grad.dtype == np.float32


@pytest.mark.parametrize(("dtype", "height"), [(np.float32, 1e4), (np.float64, 1e13)])
def test_a_long_row_loses_nothing(logsumexp, dtype, height):
    low = np.random.default_rng(0).normal(size=20000)
    x = (low + height).astype(dtype)
    low = (x - dtype(height)).astype(np.float64)  # exact: what rounding has left of it
    y, backward = logsumexp(x, axis=0, sharpness=1.0)
    (dx,) = backward(np.ones((), dtype))
    np.testing.assert_allclose(float(y) - height, np.log(np.exp(low).sum()), atol=2e-3)
    np.testing.assert_allclose(dx, np.exp(low) / np.exp(low).sum(), rtol=1e-4)
