"""Wilson's interval: its ends solve the equation it comes from, and it holds what it promises."""

import re

import numpy as np
import pytest

from tinyffn.studies.intervals import wilson


@pytest.mark.parametrize("k, n", [(1, 4), (14, 60), (59, 60), (300, 1000)])
@pytest.mark.parametrize("z", [1.0, 1.96])
def test_both_ends_lie_z_standard_errors_from_the_share(k, n, z):
    """The ends are the p with |k/n - p| = z √(p (1 - p) / n)."""
    for p in wilson(k, n, z=z):
        assert abs(k / n - p) == pytest.approx(z * np.sqrt(p * (1 - p) / n), rel=1e-9)


def test_none_and_all():
    low, high = wilson(0, 60)
    assert low == 0 and high == pytest.approx(1.96**2 / (60 + 1.96**2))
    assert wilson(60, 60) == pytest.approx((1 - high, 1))


@pytest.mark.parametrize("share", [0.1, 0.5, 0.93])
def test_it_holds_the_true_share_in_about_95_of_100_studies(share):
    counts = np.random.default_rng(0).binomial(60, share, size=4000)
    ends = {k: wilson(k, 60) for k in range(61)}
    holds = np.mean([ends[k][0] <= share <= ends[k][1] for k in counts.tolist()])
    assert 0.93 < holds < 0.98


@pytest.mark.parametrize(
    "arguments, message",
    [
        ({"successes": 3, "n": 0}, "wilson: n is 0, but must be a whole number above 0"),
        ({"successes": 4, "n": 3}, "wilson: successes is 4, but must be a whole number"),
        ({"successes": -1, "n": 3}, "wilson: successes is -1, but must be"),
        ({"successes": 0.5, "n": 3}, "wilson: successes is 0.5, but must be"),
        ({"successes": 1, "n": 3, "z": 0}, "wilson: z is 0, but must be a number above 0"),
    ],
)
def test_errors(arguments, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        wilson(**arguments)
