"""The three functions of a distribution, against sums over a fine grid of its density."""

import math

import numpy as np
import pytest

from tinyffn.bits.distributions import GAUSSIAN, LAPLACE, UNIFORM, student_t


def t_density(nu):
    c = math.gamma((nu + 1) / 2) / (math.sqrt(nu * math.pi) * math.gamma(nu / 2))
    return lambda x: c * (1 + x * x / nu) ** (-(nu + 1) / 2)


CASES = [
    (GAUSSIAN, lambda x: np.exp(-x * x / 2) / math.sqrt(2 * math.pi)),
    (UNIFORM, lambda x: 0.5 * (x < 1)),
    (LAPLACE, lambda x: np.exp(-x) / 2),
    *[(student_t(nu), t_density(nu)) for nu in (3, 4, 5, 6, 9)],
]


@pytest.mark.parametrize("weights, density", CASES, ids=[c[0].name for c in CASES])
@pytest.mark.parametrize("t", [0.0, 0.3, 1.0, 2.5])
def test_against_a_sum_over_the_density(weights, density, t):
    steps = np.linspace(0, 18, 200_001)  # x = t + e^y - 1: far out, and finely near t
    middle, width = (steps[1:] + steps[:-1]) / 2, steps[1]
    x = t + np.expm1(middle)
    mass = 2 * density(x) * np.exp(middle) * width
    expected = [mass.sum(), (mass * x).sum(), (mass * x * x).sum()]
    found = [weights.share_beyond(t), weights.sum_beyond(t), weights.squares_beyond(t)]
    assert np.allclose(found, expected, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("weights", [c[0] for c in CASES], ids=[c[0].name for c in CASES])
def test_the_size_beyond_which_a_share_lies(weights):
    for share in (1e-9, 0.01, 0.5, 0.999):
        t = weights.size_with_beyond(share)
        assert np.isclose(weights.share_beyond(t), share, rtol=1e-5)


def test_means_are_those_beyond_zero():
    assert (LAPLACE.mean_size, LAPLACE.mean_square) == (1.0, 2.0)
    assert np.isclose(student_t(5).mean_square, 5 / 3)
    assert np.isclose([GAUSSIAN.mean_size, UNIFORM.mean_size], [math.sqrt(2 / math.pi), 0.5]).all()


@pytest.mark.parametrize("share", [0, 1, -0.1, 2, math.nan])
def test_a_share_beyond_lies_between_0_and_1(share):
    with pytest.raises(ValueError, match=r"size_with_beyond: share is .*, but must be a number"):
        GAUSSIAN.size_with_beyond(share)


@pytest.mark.parametrize("degrees", [2, 3.5, True])
def test_student_t_needs_three_degrees(degrees):
    with pytest.raises(ValueError, match=r"student_t: degrees is .*, but must be a whole number"):
        student_t(degrees)
