"""Surrogate gradients: no derivative of what is computed, but exactly that of what stands in."""

import numpy as np
import pytest

from tinyffn import ops
from tinyffn.gradcheck import numeric_gradient

CLIP = 0.9


def line(x):
    return x


def hardtanh(x):
    return np.clip(x, -CLIP, CLIP)


def away_from_kinks(rng):
    x = rng.standard_normal((3, 4, 5))
    return x[np.abs(np.abs(x) - CLIP) > 1e-2][:40].reshape(5, 8)


@pytest.mark.parametrize("clip, stands_in", [(None, line), (CLIP, hardtanh)])
@pytest.mark.parametrize("name", ["sign_ste", "straight_through"])
def test_backward_is_the_derivative_of_what_stands_in(name, clip, stands_in):
    rng = np.random.default_rng(1)
    x, dy = away_from_kinks(rng), rng.standard_normal((5, 8))
    settings = {"values": np.round(x)} if name == "straight_through" else {}
    _, backward = getattr(ops, name).pair(x, clip=clip, **settings)
    numeric = numeric_gradient(lambda x: (dy * stands_in(x)).sum(), x)
    np.testing.assert_allclose(backward(dy)[0], numeric, rtol=0, atol=1e-8)


def test_the_derivative_itself_is_zero():
    """What the surrogate is for."""
    x = np.array([[-1.3, -0.2, 0.4, 2.0]])
    assert not numeric_gradient(lambda x: ops.sign_ste.pair(x)[0].sum(), x).any()
    assert ops.sign_ste.pair(x)[1](np.ones((1, 4)))[0].all()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_zero_is_positive_and_what_is_not_a_number_stays_so(dtype):
    y, _ = ops.sign_ste.pair(np.array([0.0, -0.0, -1e-30, 3.0, np.inf, -np.inf, np.nan], dtype))
    np.testing.assert_array_equal(y, [1, 1, -1, 1, 1, -1, np.nan])
    assert y.dtype == dtype


def test_the_clip_itself_still_passes():
    """1_{|x| <= 1}: a latent weight that lies on the bound can come back."""
    x = np.array([-1.0, 1.0, -1.0000001, 1.0000001])
    for op, settings in ((ops.sign_ste, {}), (ops.straight_through, {"values": np.zeros(4)})):
        _, backward = op.pair(x, clip=1, **settings)
        np.testing.assert_array_equal(backward(np.ones(4))[0], [1, 1, 0, 0])


@pytest.mark.parametrize("clip", [0.25, np.float64(3)])
def test_the_clip_may_be_any_number_above_0(clip):
    x = np.array([-3.5, -2.5, -0.3, -0.2, 0.2, 0.3, 2.5, 3.5], np.float32)
    dy = np.arange(1, 9, dtype=np.float32)
    for op, settings in ((ops.sign_ste, {}), (ops.straight_through, {"values": x})):
        dx = op.pair(x, clip=clip, **settings)[1](dy)[0]
        np.testing.assert_array_equal(dx, np.where(np.abs(x) <= clip, dy, 0))
        assert dx.dtype == np.float32


@pytest.mark.parametrize("shape", [(6,), (3, 2), (1, 3), ()])
def test_values_of_another_shape_are_named(shape):
    with pytest.raises(
        ValueError, match=r"straight_through: values \(.*\) must have the shape of x"
    ):
        ops.straight_through(np.zeros((2, 3)), values=np.zeros(shape))


@pytest.mark.parametrize("clip", [0, -1.0, np.nan, np.inf, "1"])
def test_a_clip_that_is_no_number_above_0_is_named(clip):
    x = np.zeros((2, 3))
    with pytest.raises(ValueError, match=r"sign_ste: clip is .* but must be a number above 0"):
        ops.sign_ste(x, clip=clip)
    with pytest.raises(ValueError, match=r"straight_through: clip is"):
        ops.straight_through(x, values=x, clip=clip)


def test_whole_numbers_are_taken_as_values():
    x = np.array([0.2, -0.7], np.float32)
    y, _ = ops.straight_through.pair(x, values=np.array([1, -1], np.int8))
    np.testing.assert_array_equal(y, [1, -1])
    assert y.dtype == np.float32
