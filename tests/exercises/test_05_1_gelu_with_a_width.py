"""The reference of exercise 5.1 against the library's GELU and against numeric derivatives."""

import numpy as np
import pytest

from tinyffn import ops


@pytest.fixture
def gelu(part):
    cdf = part("5.1", "given").cdf
    answer = part("5.1", "reference").gelu
    return lambda x, width: answer(x, width, cdf)


@pytest.mark.parametrize("shape", [(), (7,), (2, 3), (0,)], ids=str)
def test_width_one_is_the_library_s_gelu(gelu, shape, seeds):
    for seed in seeds:
        rng = np.random.default_rng(seed)
        x, dy = 3 * np.asarray(rng.normal(size=shape)), np.asarray(rng.normal(size=shape))
        y, backward = gelu(x, 1.0)
        library_y, library_backward = ops.gelu.pair(x)
        np.testing.assert_allclose(y, library_y, atol=1e-12)
        np.testing.assert_allclose(backward(dy)[0], library_backward(dy)[0], atol=1e-12)


@pytest.mark.parametrize("width", [0.3, 1.0, 4.0])
def test_both_gradients_are_derivatives(gelu, width, seeds):
    h = 1e-6
    for seed in seeds:
        rng = np.random.default_rng(seed)
        x, dy = rng.normal(size=(2, 5)), rng.normal(size=(2, 5))
        dx, dwidth = gelu(x, width)[1](dy)
        of_x = dy * (gelu(x + h, width)[0] - gelu(x - h, width)[0]) / (2 * h)
        of_width = np.sum(dy * (gelu(x, width + h)[0] - gelu(x, width - h)[0])) / (2 * h)
        np.testing.assert_allclose(dx, of_x, rtol=1e-6, atol=1e-7)
        assert dwidth == pytest.approx(of_width, rel=1e-6, abs=1e-7)


def test_its_two_ends_are_relu_and_half_a_line(gelu):
    x = np.array([-3.0, -0.5, 0.5, 3.0])
    np.testing.assert_allclose(gelu(x, 1e-3)[0], np.maximum(x, 0), atol=1e-12)
    np.testing.assert_allclose(gelu(x, 1e6)[0], x / 2, atol=1e-5)


def test_the_first_two_hints_do_not_hold_the_answer(exercise):
    for hint in exercise("5.1").hints[:2]:
        assert not any(code in hint for code in ("np.", "sum(", "cdf(", "**"))
