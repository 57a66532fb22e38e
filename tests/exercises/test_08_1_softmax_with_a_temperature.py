"""The reference of exercise 8.1 against numeric derivatives and the library's softmax."""

import numpy as np
import pytest

from tinyffn.gradcheck import check_pair
from tinyffn.ops import softmax as library


@pytest.fixture
def softmax(part):
    return part("8.1", "reference").softmax


@pytest.mark.parametrize("shape", [(4,), (3, 4), (2, 3, 4)], ids=str)
@pytest.mark.parametrize("tau", [0.4, 2.5])
def test_both_gradients_are_derivatives_and_y_is_the_library_s(softmax, shape, tau, seeds):
    for seed in seeds:
        rng = np.random.default_rng(seed)
        x = rng.normal(size=shape)
        np.testing.assert_allclose(softmax(x, tau)[0], library.pair(x / tau)[0], atol=1e-14)
        assert check_pair(softmax, x, np.array(tau), rng=rng) < 1e-6


@pytest.mark.parametrize("shape", [(4,), (3, 4)], ids=str)
def test_a_hidden_entry_is_as_good_as_none(softmax, shape, seeds):
    for seed in seeds:
        rng = np.random.default_rng(seed)
        x, dy = rng.normal(size=(2, *shape))
        shown = [0, 2, 3]
        y, backward = softmax(x[..., shown], 0.4)
        dx, dtau = backward(dy[..., shown])
        hidden = x.copy()
        hidden[..., 1] = -np.inf
        hidden_y, hidden_backward = softmax(hidden, 0.4)
        hidden_dx, hidden_dtau = hidden_backward(dy)
        assert not hidden_y[..., 1].any() and not hidden_dx[..., 1].any()
        np.testing.assert_allclose(hidden_y[..., shown], y, rtol=1e-12)
        np.testing.assert_allclose(hidden_dx[..., shown], dx, rtol=1e-12)
        np.testing.assert_allclose(hidden_dtau, dtau, rtol=1e-12)


def test_numbers_of_any_size(softmax):
    x, dy = np.array([[-4.0, 0.0, 2.0, 6.0]]), np.array([[1.0, -2.0, 0.5, 3.0]])
    with np.errstate(all="raise", under="ignore"):
        y, backward = softmax(x, 2.5)
        far_y, far_backward = softmax(x + 1e16, 2.5)
        assert np.array_equal(y, far_y)
        for near, far in zip(backward(dy), far_backward(dy), strict=True):
            assert np.array_equal(near, far)
        y, backward = softmax(1e300 * x, 1e-3)
        assert np.array_equal(y, [[0, 0, 0, 1]]) and all(np.all(g == 0) for g in backward(dy))


def test_float32_stays(softmax):
    x, dy = np.random.default_rng(0).normal(size=(2, 3, 4)).astype("float32")
    y, backward = softmax(x, np.float64(2.5))
    dx, dtau = backward(dy)
    assert y.dtype == dx.dtype == np.asarray(dtau).dtype == np.float32
