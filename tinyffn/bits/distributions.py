"""What an error law needs to know of how weights are spread: three functions of their magnitude.

Weights are as often positive as negative. Then the error of a quantizer with thresholds at ±t
depends only on how many weights lie beyond each t, how much magnitude they carry, and how large
their squares are: so these three are what a distribution is here.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

from tinyffn.arguments import is_whole, must_be_above, must_be_share


class Distribution(NamedTuple):
    """Weights w that are drawn one by one from a density that is symmetric about zero.

    Attributes share_beyond: t -> P(|w| > t); sum_beyond: t -> E[|w| where |w| > t, else 0];
               squares_beyond: t -> E[w² where |w| > t, else 0]; all for numbers t >= 0
    """

    name: str
    share_beyond: Callable[[float], float]
    sum_beyond: Callable[[float], float]
    squares_beyond: Callable[[float], float]

    @property
    def mean_size(self):
        """E|w|."""
        return self.sum_beyond(0.0)

    @property
    def mean_square(self):
        """E[w²]."""
        return self.squares_beyond(0.0)

    def size_with_beyond(self, share):
        """The t with share_beyond(t) = share, by halving an interval.

        Errors     ValueError if share is not a number above 0 and below 1
        """
        must_be_above("size_with_beyond", 0, share=share)
        must_be_share("size_with_beyond", share=share)
        low, high = 0.0, 1.0
        while self.share_beyond(high) > share:
            low, high = high, 2 * high
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (middle, high) if self.share_beyond(middle) > share else (low, middle)
        return (low + high) / 2


def _gaussian_sum_beyond(t):
    return math.sqrt(2 / math.pi) * math.exp(-t * t / 2)


GAUSSIAN = Distribution(
    "Gaussian",  # of variance 1
    share_beyond=lambda t: math.erfc(t / math.sqrt(2)),
    sum_beyond=_gaussian_sum_beyond,
    squares_beyond=lambda t: math.erfc(t / math.sqrt(2)) + t * _gaussian_sum_beyond(t),
)
UNIFORM = Distribution(
    "uniform",  # from -1 to 1
    share_beyond=lambda t: 1 - min(t, 1.0),
    sum_beyond=lambda t: (1 - min(t, 1.0) ** 2) / 2,
    squares_beyond=lambda t: (1 - min(t, 1.0) ** 3) / 3,
)
LAPLACE = Distribution(
    "Laplace",  # of density e^-|w| / 2
    share_beyond=lambda t: math.exp(-t),
    sum_beyond=lambda t: (1 + t) * math.exp(-t),
    squares_beyond=lambda t: (2 + 2 * t + t * t) * math.exp(-t),
)


def student_t(degrees):
    """Student's t: the fewer degrees of freedom ν, the heavier its tails.

    The density is c (1 + w²/ν)^(-(ν+1)/2), and E|w|^k is finite for k < ν only.

    Errors     ValueError if degrees is not a whole number above 2: with 2 there is no E[w²]
    """
    if not is_whole(degrees) or degrees < 3:
        raise ValueError(f"student_t: degrees is {degrees!r}, but must be a whole number above 2")
    nu = int(degrees)
    c = math.exp(math.lgamma((nu + 1) / 2) - math.lgamma(nu / 2)) / math.sqrt(nu * math.pi)
    narrower = math.sqrt((nu - 2) / nu)

    def squares_beyond(t):  # w² = ν (1 + w²/ν) - ν, and the first part has the density of ν - 2
        beyond = nu * (nu - 1) / (nu - 2) * _t_share_beyond(narrower * t, nu - 2)
        return beyond - nu * _t_share_beyond(t, nu)

    return Distribution(
        f"Student-t, {nu} degrees",
        share_beyond=lambda t: _t_share_beyond(t, nu),
        sum_beyond=lambda t: 2 * c * nu / (nu - 1) * (1 + t * t / nu) ** (-(nu - 1) / 2),
        squares_beyond=squares_beyond,
    )


def _t_share_beyond(t, nu):
    """P(|w| > t) of Student's t with a whole number ν of degrees, 1 or more: a finite sum.

    With θ = arctan(t/√ν), the share within t is

        odd ν    (2/π) (θ + sin θ (cos θ + (2/3) cos³ θ + (2·4)/(3·5) cos⁵ θ + ... to cos^(ν-2)))
        even ν   sin θ (1 + (1/2) cos² θ + (1·3)/(2·4) cos⁴ θ + ... to cos^(ν-2))

    Source     Abramowitz & Stegun 1964 (Handbook of Mathematical Functions)
    """
    angle, is_odd = math.atan(t / math.sqrt(nu)), nu % 2
    cos = math.cos(angle)
    total, term = 0.0, cos if is_odd else 1.0
    for power in range(is_odd, nu - 1, 2):  # the power of cos θ in this term
        total += term
        term *= cos * cos * (power + 1) / (power + 2)
    within = math.sin(angle) * total
    return 1 - (2 / math.pi * (angle + within) if is_odd else within)
