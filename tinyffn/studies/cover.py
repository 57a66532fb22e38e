"""How many answers can one neuron store? Cover's count, and a test that decides single cases.

A neuron without a bias answers +1 or -1: the sign of w · x. Given n inputs and a wish for each, a
labeling, is there a w that answers all of them? If a labeling is drawn by throwing a coin for each
input, the share of labelings for which there is says how much a neuron with d weights can store.
"""

import numpy as np

from tinyffn.arguments import must_be_generator, must_be_positive


def separable_count(n, d):
    """How many of the 2^n labelings of n inputs a neuron with d weights can answer: a whole number.

        C(n, d) = 2 Σ_{k < d} (n - 1 over k)

    The inputs are in general position: no d of them are linearly dependent, as drawn numbers are
    with certainty. Where they are does not matter otherwise. A bias is one more weight, on an input
    that is always 1. All 2^n up to n = d; exactly half of them at n = 2 d.

    One more input splits some of the labelings in two: those that some w answers with the new input
    exactly on its border. Such w live in d - 1 dimensions, so C(n + 1, d) = C(n, d) + C(n, d - 1).

    Errors     ValueError if n or d is no whole number above 0
    Source     Cover 1965 (Geometrical and statistical properties of systems of linear inequalities
               with applications in pattern recognition), the function counting theorem
    """
    must_be_positive("separable_count", n=n, d=d)
    n, d = int(n), int(d)  # Python's, which do not overflow as NumPy's do
    count, ways = 0, 1
    for k in range(min(n, d)):
        count += ways
        ways = ways * (n - 1 - k) // (k + 1)  # (n - 1 over k + 1), a whole number
    return 2 * count


def separable_share(n, d):
    """The share of all labelings of n inputs that a neuron with d weights can answer: 0 to 1.

    Exact but for the rounding of the last division, however large n is.

    Errors     as separable_count
    """
    must_be_positive("separable_share", n=n, d=d)
    return separable_count(n, d) / 2 ** int(n)


def separating(x, labels):
    """Weights w (d) with labels_i (w · x_i) > 0 for every i, or None if there are none.

    Both answers are proved. The rows z_i = labels_i x_i either lie on one side of a plane through
    the origin, or some mixture of them is the origin (Gordan 1873). So look for the mixture nearest
    to it, by weights a_i ≥ 0 with the least

        |Σ_i a_i z_i|² + (1 - Σ_i a_i)²

    Where that is above 0, the vector u = Σ_i a_i z_i of the best weights has u · z_i ≥ 1 - Σ_i a_i
    > 0 for every i: it is the w we want. Where it is 0, no w can be: w · Σ_i a_i z_i would be above
    0 and 0. The best weights are found in finitely many steps. The length of a row says nothing
    about its side, so all are made of length 1 first.

    Numbers are rounded, so what is below 1e-9 counts as 0: where even the best plane has a row
    nearer to it than that, there is none. Where it is hardly farther, it is too close to call.

    Arguments  x (n, d): floats, no row of zeros; labels (n): +1 or -1
    Errors     ValueError if shapes do not fit, a number is not finite, a row is 0, or a label is
               neither 1 nor -1; FloatingPointError if it is too close to call
    Source     Lawson and Hanson 1974 (Solving least squares problems), chapter 23, for the search
    """
    x, labels = np.asarray(x, np.float64), np.asarray(labels)
    _check("separating", x, labels)
    z = labels[:, np.newaxis] * x / np.linalg.norm(x, axis=1, keepdims=True)
    columns = np.vstack([z.T, np.ones(len(z))])
    target = np.append(np.zeros(x.shape[1]), 1.0)
    a = _nonnegative_least_squares(columns, target)
    u = a @ z
    if np.linalg.norm(u) < 1e-9:
        return None
    if (z @ u).min() < 1e-15:
        raise FloatingPointError("separating: too close to call in 64 bits: move the inputs apart")
    return u


def separated_share(n, d, *, trials, rng):
    """The share of random labelings of random inputs that a neuron with d weights can answer.

    Each trial draws n inputs with d standard normal numbers, and n labels; `separating` decides.

    Errors     ValueError if n, d or trials is no whole number above 0; TypeError if rng is no
               generator
    """
    must_be_positive("separated_share", n=n, d=d, trials=trials)
    must_be_generator("separated_share", rng)
    found = 0
    for _ in range(trials):
        x, labels = rng.standard_normal((n, d)), rng.choice([-1, 1], size=n)
        found += separating(x, labels) is not None
    return found / trials


def _nonnegative_least_squares(columns, target):
    """The a ≥ 0 with the least |columns a - target|: weights enter and leave one at a time."""
    a = np.zeros(columns.shape[1])
    used = np.zeros(columns.shape[1], bool)
    for _ in range(10 * len(a)):  # far more than it takes, unless rounding turns it in a circle
        gains = columns.T @ (target - columns @ a)
        gains[used] = -np.inf
        if gains.max() <= 1e-11:  # no weight that is 0 would help if it were larger
            break
        used[gains.argmax()] = True
        while True:
            best = np.zeros_like(a)
            best[used] = np.linalg.lstsq(columns[:, used], target, rcond=None)[0]
            below = used & (best <= 0)
            if not below.any():
                break
            far = np.min(a[below] / (a[below] - best[below]))  # as far as all stay at least 0
            a += far * (best - a)
            used &= a > 1e-13
            a[~used] = 0.0
        a = best
    return a


def _check(owner, x, labels):
    if x.ndim != 2 or not x.size:
        raise ValueError(f"{owner}: x {x.shape} must be (n, d): one input a row, neither of them 0")
    if labels.shape != (len(x),):
        raise ValueError(f"{owner}: labels {labels.shape} do not fit x {x.shape}: one for each row")
    if not np.isin(labels, (-1, 1)).all():
        raise ValueError(f"{owner}: labels must be 1 or -1, but some are not: 2 y - 1 makes such")
    if not np.isfinite(x).all():
        raise ValueError(f"{owner}: some numbers of x are not finite")
    if not np.abs(x).max(axis=1).all():
        raise ValueError(f"{owner}: a row of x is all 0: no weights give it a sign")
