"""Power laws: loss against size, fitted on some sizes to foretell another.

    L(N) = floor + scale N^-exponent

On logarithmic axes a power law without a floor is a straight line.
"""

import math
from dataclasses import dataclass

import numpy as np

from tinyffn.arguments import must_be_above, must_be_positive, must_be_share

EXPONENTS = np.geomspace(1e-3, 10.0, 2001)  # searched first by steps, then between neighbours


@dataclass(frozen=True)
class PowerLaw:
    """L(N) = floor + scale N^-exponent, a function of N."""

    scale: float
    exponent: float
    floor: float = 0.0

    def __call__(self, n):
        return self.floor + self.scale * np.asarray(n, float) ** -self.exponent


def fit_power_law(n, losses):
    """The law without a floor that lies nearest to the points: least squares in logarithms.

        log L = log scale - exponent log N

    Arguments  n: sizes, at least two different ones; losses: one for each, all above 0
    Errors     ValueError if they are not that
    Source     Kaplan et al. 2020 (arXiv:2001.08361), section 1.2: loss in parameters
    """
    n, losses = _points("fit_power_law", n, losses, n_sizes=2)
    line, _ = _least_squares(_line_columns(n), np.log(losses))
    return PowerLaw(scale=float(np.exp(line[0])), exponent=float(line[1]))


def fit_power_law_with_floor(n, losses):
    """The law with a floor that lies nearest to the points: least squares in the losses.

    For a given exponent the law is a straight line in N^-exponent, so only the exponent is
    searched. The floor is what the points suggest an endless model would reach: nothing holds it
    above 0.

    Arguments  n: sizes, at least three different ones; losses: one for each, all above 0
    Errors     ValueError if they are not that, or do not bend as such a law: the best exponent is
               then the least or the largest that is tried
    Source     Hoffmann et al. 2022 (arXiv:2203.15556), section 3.3, has a floor and fits it in
               another norm
    """
    n, losses = _points("fit_power_law_with_floor", n, losses, n_sizes=3)
    center = np.exp(np.log(n).mean())  # near it, N^-exponent is near 1 for any exponent

    def misfit(exponent):
        return _least_squares(_curve_columns(n / center, exponent), losses)[1]

    best = int(np.argmin([misfit(exponent) for exponent in EXPONENTS]))
    if best in (0, len(EXPONENTS) - 1):
        raise ValueError(
            f"fit_power_law_with_floor: no exponent between {EXPONENTS[0]:g} and "
            f"{EXPONENTS[-1]:g} fits best: the points do not bend as a power law with a floor does"
        )
    exponent = _lowest(misfit, EXPONENTS[best - 1], EXPONENTS[best + 1])
    (floor, scale), _ = _least_squares(_curve_columns(n / center, exponent), losses)
    return PowerLaw(float(scale * center**exponent), float(exponent), float(floor))


def foretell(n, losses, new, *, with_floor=False, share=0.95):
    """The loss at size `new` by the law fitted to the points, and where it should lie.

    The interval is the usual one of a regression: were the law right and the points scattered
    around it at random (in log L, or in L with a floor), it would hold the new point in this share
    of cases. It knows nothing of a wrong law.

        law(new) ± t s √(1 + jᵀ (JᵀJ)⁻¹ j)

    s² is the sum of squared residuals over the points less the parameters, rows of J are the
    derivatives of the law by its parameters at each point, j is that at `new`.

    Arguments  new: a size above 0; share: of cases, above 0 and below 1 (the coverage of what is
               called a prediction interval)
    Returns    (low, middle, high)
    Errors     as the fit; ValueError if there are not more points than parameters, or new or share
               is something else
    """
    must_be_above("foretell", 0, new=new)
    _must_be_coverage("foretell", share)
    n, losses = _points("foretell", n, losses, n_sizes=4 if with_floor else 3)
    at = np.array([float(new)])
    if with_floor:
        law = fit_power_law_with_floor(n, losses)
        middle, misses = float(law(new)), losses - law(n)
        J, j = _slopes(law, n), _slopes(law, at)[0]
    else:
        law = fit_power_law(n, losses)
        middle, misses = math.log(law(new)), np.log(losses / law(n))
        J, j = _line_columns(n), _line_columns(at)[0]
    spare = len(n) - J.shape[1]
    s = math.sqrt(np.sum(misses**2) / spare)
    _, root = np.linalg.qr(J)  # JᵀJ = rootᵀ root
    leverage = float(np.sum(np.linalg.solve(root.T, j) ** 2))
    half = student_t(share, spare) * s * math.sqrt(1.0 + leverage)
    ends = middle - half, middle, middle + half
    return ends if with_floor else tuple(math.exp(end) for end in ends)


def student_t(share, spare):
    """The t that holds this share of Student's distribution between -t and t.

    `spare` is its degrees of freedom: points less parameters. With x = √spare tan θ the density is
    proportional to cos(θ)^(spare - 1), which is summed up here.

    Errors     ValueError if share is not above 0 and below 1, or spare no whole number above 0
    """
    _must_be_coverage("student_t", share)
    must_be_positive("student_t", spare=spare)
    theta = np.linspace(0.0, math.pi / 2, 400_001)
    heights = np.cos(theta) ** (spare - 1)
    below = np.concatenate([[0.0], np.cumsum((heights[1:] + heights[:-1]) / 2)])
    return math.sqrt(spare) * math.tan(np.interp(share, below / below[-1], theta))


def _line_columns(n):
    return np.stack([np.ones(len(n)), -np.log(n)], axis=1)


def _curve_columns(n, exponent):
    return np.stack([np.ones(len(n)), n**-exponent], axis=1)


def _slopes(law, n):
    """Derivatives of the law by floor, scale and exponent, a row for each size."""
    power = n**-law.exponent
    return np.stack([np.ones(len(n)), power, -law.scale * power * np.log(n)], axis=1)


def _least_squares(columns, y):
    """The coefficients that bring the columns nearest to y, and the sum of squares that is left."""
    coefficients = np.linalg.lstsq(columns, y, rcond=None)[0]
    return coefficients, float(np.sum((y - columns @ coefficients) ** 2))


def _lowest(f, low, high):
    """Where f, with one valley between low and high, is lowest: by golden sections."""
    ratio = (math.sqrt(5.0) - 1.0) / 2.0
    while high - low > 1e-12 * high:
        left, right = high - ratio * (high - low), low + ratio * (high - low)
        low, high = (low, right) if f(left) < f(right) else (left, high)
    return (low + high) / 2.0


def _must_be_coverage(owner, share):
    must_be_above(owner, 0, share=share)
    must_be_share(owner, share=share)


def _points(owner, n, losses, *, n_sizes):
    n, losses = np.asarray(n, float), np.asarray(losses, float)
    if n.ndim != 1 or n.shape != losses.shape:
        raise ValueError(f"{owner}: n {n.shape} and losses {losses.shape} must be equally long")
    if not (np.all(n > 0) and np.all(losses > 0) and np.all(np.isfinite([n, losses]))):
        raise ValueError(f"{owner}: n and losses must be finite and above 0")
    if len(np.unique(n)) < n_sizes:
        raise ValueError(
            f"{owner}: there are {len(np.unique(n))} different sizes, but there must be {n_sizes} "
            "or more"
        )
    return n, losses
