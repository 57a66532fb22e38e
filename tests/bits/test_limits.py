"""The best levels for Gaussian weights, and the line below which no code of them goes."""

import math
from statistics import NormalDist

import numpy as np
import pytest

from tinyffn.bits.distributions import GAUSSIAN
from tinyffn.bits.laws import sign_law, ternary_law
from tinyffn.bits.limits import lloyd_max, shannon_error


@pytest.mark.parametrize("n_levels", [2, 3, 4, 8])
def test_a_million_weights_lose_this_much_and_more_with_any_other_level(n_levels):
    found = lloyd_max(n_levels)
    w = np.random.default_rng(0).normal(size=1_000_000)

    def error(values):
        nearest = values[np.searchsorted((values[1:] + values[:-1]) / 2, w)]
        return ((w - nearest) ** 2).mean()

    least = error(found.values)
    assert np.isclose(least, found.error, rtol=0.01)
    for k in range(n_levels):
        moved = found.values.copy()
        moved[k] += 0.1 if k < n_levels / 2 else -0.1
        assert error(moved) > least


def test_thresholds_lie_half_way_and_values_mirror_each_other():
    found = lloyd_max(5)
    assert np.allclose(found.thresholds, (found.values[1:] + found.values[:-1]) / 2)
    assert np.allclose(found.values, -found.values[::-1], atol=1e-9)


@pytest.mark.parametrize("n_levels", [3, 16, 64])
def test_each_value_is_the_mean_of_what_goes_to_it(n_levels):
    """No further turn moves it: E[w | a < w <= b] = (density(a) - density(b)) / P(a < w <= b)."""
    found, normal = lloyd_max(n_levels), NormalDist()
    half_way = (found.values[1:] + found.values[:-1]) / 2
    assert np.allclose(found.thresholds, half_way, rtol=0, atol=1e-9)
    ends = [-9.0, *found.thresholds, 9.0]
    for value, a, b in zip(found.values, ends[:-1], ends[1:], strict=True):
        mean = (normal.pdf(a) - normal.pdf(b)) / (normal.cdf(b) - normal.cdf(a))
        assert np.isclose(value, mean, rtol=0, atol=1e-9)


def test_two_levels_are_signs_and_three_are_the_best_ternary():
    assert np.isclose(lloyd_max(2).error, sign_law(GAUSSIAN))
    assert np.isclose(lloyd_max(2).values[1], math.sqrt(2 / math.pi))
    shares = np.linspace(0.6, 0.9, 301)
    errors = [ternary_law(GAUSSIAN, threshold=s, scale="least squares") for s in shares]
    assert np.isclose(lloyd_max(3).error, min(errors), atol=1e-6)
    assert lloyd_max(1).error == 1


def test_no_levels_reach_shannon_and_two_weights_in_one_bit_are_half_a_bit_each():
    for n_levels in (2, 3, 4, 16, 32):
        bits = math.log2(n_levels)
        assert 1.4 < lloyd_max(n_levels).error / shannon_error(bits) < math.pi * math.sqrt(3) / 2
    assert (shannon_error(0), shannon_error(0.5), shannon_error(1)) == (1, 0.5, 0.25)
    assert shannon_error(np.int8(100)) == shannon_error(np.uint8(100)) == 2.0**-200


@pytest.mark.parametrize("n_levels", [0, 65, 2.0])
def test_levels_are_counted(n_levels):
    with pytest.raises(ValueError, match=r"lloyd_max: n_levels is .*, but must be a whole"):
        lloyd_max(n_levels)


def test_bits_are_not_negative():
    with pytest.raises(ValueError, match="shannon_error: bits is -1, but must be a number, 0"):
        shannon_error(-1)
