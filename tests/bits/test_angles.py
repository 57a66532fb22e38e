"""How far weights turn, and how many gates flip: closed forms against draws."""

import math

import numpy as np
import pytest

from tinyffn.bits.angles import angle_of, angles_between, flipped_share
from tinyffn.bits.distributions import GAUSSIAN
from tinyffn.bits.laws import sign_error, sign_law, ternary_law
from tinyffn.bits.schemes import binary
from tinyffn.bits.ternary import ternary


@pytest.mark.parametrize(
    "scheme, law, share",
    [
        (binary, sign_law(GAUSSIAN), 0.206),
        (ternary, ternary_law(GAUSSIAN, scale="least squares"), 0.153),
    ],
)
def test_the_share_of_flipped_gates_of_gaussian_weights(scheme, law, share):
    rng = np.random.default_rng(0)
    w, x = rng.normal(size=(512, 1000)), rng.normal(size=(1000, 512))
    values = scheme(w).values()
    flipped = ((x @ w >= 0) != (x @ values >= 0)).mean()
    assert np.isclose(flipped_share(angle_of(law)), share, atol=5e-4)
    assert np.isclose(flipped, flipped_share(angle_of(law)), rtol=0.01)
    assert np.isclose(angles_between(w, values).mean(), angle_of(law), rtol=0.01)


def test_the_angle_is_that_of_the_error_with_the_best_scale():
    w = np.random.default_rng(1).laplace(size=(40, 3))
    values = binary(w).values()
    expected = [angle_of(sign_error(w[:, j])) for j in range(3)]
    assert np.allclose(angles_between(w, values), expected)
    assert np.allclose(angles_between(w, 7 * values), expected)  # a scale turns nothing
    assert np.allclose(angles_between(w, -values), math.pi - np.array(expected))


def test_the_ends():
    assert (angle_of(0), angle_of(1)) == (0, math.pi / 2)
    assert (flipped_share(0), flipped_share(math.pi)) == (0, 1)
    w = np.random.default_rng(2).normal(size=(5, 50))
    longer = w * np.linspace(1, 9, 50)
    assert np.allclose(angles_between(w, longer), 0, atol=1e-7)  # a cosine of 1 + 2e-16 is 1
    assert np.allclose(angles_between(w, -longer), math.pi, atol=1e-7)


def test_an_error_of_signs_is_always_one_of_an_angle():
    for n in range(1, 100):
        assert angle_of(sign_error(np.full(n, 0.1))) == 0


def test_columns_of_any_length_and_type_have_an_angle():
    w = np.random.default_rng(3).normal(size=(6, 3))
    turned = w + 0.1 * np.random.default_rng(4).normal(size=w.shape)
    expected = angles_between(w, turned)
    for size in (1e-120, 1e120):
        assert np.allclose(angles_between(size * w, size * turned), expected, rtol=1e-9)
    assert np.allclose(angles_between(np.float32(1e-30 * w), np.float32(turned)), expected)
    slightly = np.array([[1.0], [1e-5]], np.float32)
    assert np.allclose(angles_between(np.float32([[1], [0]]), slightly), 1e-5, rtol=1e-3)
    bytes_ = np.array([[100], [100]], np.int8)
    assert np.allclose(angles_between(bytes_, [[100], [0]]), math.pi / 4)


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: angle_of(-0.1), "angle_of: error is -0.1"),
        (lambda: angle_of(1.5), "angle_of: error is 1.5, but must be a share, at most 1"),
        (lambda: flipped_share(-1), "flipped_share: angle is -1"),
        (lambda: flipped_share(3.2), "flipped_share: angle is 3.2, but must be radians"),
        (lambda: flipped_share(37), "flipped_share: angle is 37, but must be radians, at most π"),
        (
            lambda: angles_between(np.ones((2, 3)), np.ones((3, 2))),
            r"angles_between: w \(2, 3\) and values \(3, 2\) must both be",
        ),
        (lambda: angles_between(np.ones(2), np.ones(2)), r"w \(2,\) and values \(2,\) must both"),
        (lambda: angles_between(np.ones((2, 1)), np.zeros((2, 1))), "a column of zeros has no"),
        (lambda: angles_between(np.ones((2, 2)), np.eye(2)[:, [0, 0]] * [1, 0]), "of zeros has no"),
        (lambda: angles_between(np.full((2, 1), np.nan), np.ones((2, 1))), "are not finite"),
        (lambda: angles_between(np.ones((2, 1)), np.full((2, 1), np.inf)), "are not finite"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
