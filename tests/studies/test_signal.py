"""Sizes in deep networks: exact where the weights do nothing random, and the law for ReLU."""

import re

import numpy as np
import pytest

from tinyffn.studies.signal import _forward, backward_sizes, forward_sizes

SMALL = {"seeds": (0, 1), "depth": 3, "d": 6, "n": 4}


def relu(z):
    return np.maximum(z, 0)


def step(z):
    return (z > 0).astype(float)


def test_shapes_and_one_row_for_each_seed():
    both = forward_sizes(relu, scale=1, **SMALL), backward_sizes(relu, step, scale=1, **SMALL)
    for rows in both:
        assert rows.shape == (2, 4) and not np.allclose(rows[0], rows[1])
    again = forward_sizes(relu, scale=1, **SMALL | {"seeds": (1,)})
    assert np.array_equal(both[0][1:], again)


def test_the_gradient_is_that_of_the_network():
    """Nudging what goes in moves Σ dz z at the end by the gradient of the first layer."""
    f, slope = np.tanh, lambda z: 1 - np.tanh(z) ** 2
    zs, weights, rng = _forward("x", f, 1.3, 0, 3, 6, 4)
    dz = rng.normal(size=(4, 6))

    def end(z):
        for w in weights:
            z = f(z) @ w
        return (z * dz).sum()

    gradient = np.zeros((4, 6))
    for place in np.ndindex(4, 6):
        nudge = np.zeros((4, 6))
        nudge[place] = 1e-5
        gradient[place] = (end(zs[0] + nudge) - end(zs[0] - nudge)) / 2e-5
    found = backward_sizes(f, slope, scale=1.3, **SMALL)[0]
    assert found[-1] == pytest.approx(np.sqrt(np.mean(gradient**2)), rel=1e-6)
    assert found[0] == pytest.approx(np.sqrt(np.mean(dz**2)))


@pytest.mark.parametrize("scale", [0.7, 1.0, 1.5])
def test_relu_multiplies_the_mean_square_by_the_square_of_the_scale(scale):
    sizes = {"scale": scale, "seeds": range(8), "depth": 6, "d": 200}
    for rows in (forward_sizes(relu, **sizes), backward_sizes(relu, step, **sizes)):
        mean_squares = (rows**2).mean(axis=0)
        np.testing.assert_allclose(mean_squares / scale ** (2 * np.arange(7)), 1, rtol=0.15)


@pytest.mark.parametrize(
    "settings, error, message",
    [
        ({"scale": 0}, ValueError, "scale is 0, but must be a number above 0"),
        ({"depth": 0}, ValueError, "depth is 0, but must be a whole number above 0"),
        ({"d": 0}, ValueError, "d is 0, but must be"),
        ({"n": 0}, ValueError, "n is 0, but must be"),
        ({"seeds": []}, ValueError, "there are no seeds: give a list of one or more"),
    ],
)
def test_errors(settings, error, message):
    settings = {"scale": 1, **SMALL, **settings}
    with pytest.raises(error, match=re.escape(f"forward_sizes: {message}")):
        forward_sizes(relu, **settings)
    with pytest.raises(error, match=re.escape(f"backward_sizes: {message}")):
        backward_sizes(relu, step, **settings)


def test_what_is_no_function_is_named():
    with pytest.raises(TypeError, match="forward_sizes: f is 3, but must be a function"):
        forward_sizes(3, scale=1, **SMALL)
    with pytest.raises(TypeError, match="backward_sizes: slope is None, but must be a function"):
        backward_sizes(relu, None, scale=1, **SMALL)
