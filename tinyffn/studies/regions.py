"""Into how many regions ReLU networks part the plane: exactly, by formula, and by sampling.

Each ReLU of a first layer has a border in the plane, the line on which its input is 0. The lines
part the plane into regions; in each of them every ReLU is on or off throughout, so the network is
one affine map there.
"""

from fractions import Fraction
from itertools import combinations
from math import comb, prod

import numpy as np

from tinyffn.arguments import must_be_positive


def zaslavsky(n, d):
    """The largest number of regions that n hyperplanes can part d-dimensional space into.

        1 + n + C(n, 2) + ... + C(n, d)

    It is reached in general position: no two parallel, no d + 1 through one point.

    Errors     ValueError if n or d is no whole number above 0
    Source     Zaslavsky 1975 (Facing up to arrangements); for ReLU networks Pascanu et al. 2013
               (arXiv:1312.6098)
    """
    must_be_positive("zaslavsky", n=n, d=d)
    return sum(comb(n, i) for i in range(d + 1))


def montufar(d_in, widths):
    """So many regions some ReLU network with these hidden widths has, at least.

        (Π over all layers but the last of ⌊n_l / d⌋^d) · Σ_{j=0..d} C(n_L, j), with d = d_in

    Some: the best choice of weights. What weights usually do is another question.

    Errors     ValueError if a size is no whole number above 0, or a width is below d_in
    Source     Montúfar et al. 2014 (arXiv:1402.1869), the lower bound for rectifier networks
    """
    must_be_positive("montufar", d_in=d_in, **{f"widths[{i}]": n for i, n in enumerate(widths)})
    if not widths or min(widths) < d_in:
        raise ValueError(f"montufar: widths is {widths}, but each must be d_in = {d_in} or more")
    return prod((n // d_in) ** d_in for n in widths[:-1]) * zaslavsky(widths[-1], d_in)


def regions_of_plane(w, b):
    """The regions that a first layer of ReLUs parts the plane into, counted exactly.

        1 + lines + Σ over points where lines meet of (lines through the point - 1)

    where lines that coincide count once, and a ReLU with w = 0 has no line. Every float is a
    fraction, and the count is done in fractions: nothing is rounded, so parallel means parallel,
    and three lines meet in a point only if they really do.

    Arguments  w (2, n), b (n): unit i has the border w_0i x + w_1i y + b_i = 0
    Errors     ValueError if they have other shapes, or a number is not finite
    Source     the planar case of Zaslavsky 1975 (Facing up to arrangements)
    """
    lines = _lines("regions_of_plane", w, b)
    through = {}
    for first, second in combinations(lines, 2):
        if (point := _meet(first, second)) is not None:
            through.setdefault(point, set()).update((first, second))
    return 1 + len(lines) + sum(len(meeting) - 1 for meeting in through.values())


def corners_of_plane(w, b):
    """The points (n_points, 2) where borders meet, as floats: to draw them."""
    lines = _lines("corners_of_plane", w, b)
    points = [_meet(*pair) for pair in combinations(lines, 2)]
    points = {point for point in points if point is not None}
    return np.array(sorted(points), dtype=float).reshape(-1, 2)


def regions_hit(w, b, points):
    """How many regions contain one of these points (n, 2): never more than there are.

    A region is named by which ReLUs are on in it.

    Errors     as regions_of_plane; ValueError if points is not (n, 2)
    """
    w, b = must_be_lines("regions_hit", w, b)
    points = np.asarray(points, dtype=float)
    if points.ndim != 2 or points.shape[1] != 2:
        raise ValueError(f"regions_hit: points {points.shape} must be (n, 2)")
    return len(np.unique(np.packbits(points @ w + b > 0, axis=1), axis=0))


def must_be_lines(owner, w, b):
    """The lines of ReLUs as float64 arrays w (2, n), b (n).

    Errors     ValueError if they have other shapes, or a number is not finite
    """
    w, b = np.asarray(w, dtype=float), np.asarray(b, dtype=float)
    if w.ndim != 2 or len(w) != 2 or b.shape != w.shape[1:]:
        raise ValueError(f"{owner}: w {w.shape} and b {b.shape} must be (2, n) and (n,)")
    if not (np.isfinite(w).all() and np.isfinite(b).all()):
        raise ValueError(f"{owner}: w or b holds a number that is not finite")
    return w, b


def _lines(owner, w, b):
    """The different lines, each as fractions (a, c, e) with a x + c y = e and first non-zero 1."""
    w, b = must_be_lines(owner, w, b)
    lines = set()
    for column in np.stack([*w, -b], axis=1).tolist():
        a, c, e = map(Fraction, column)
        if (lead := a or c) != 0:
            lines.add((a / lead, c / lead, e / lead))
    return sorted(lines)


def _meet(first, second):
    """The point where two lines meet, as fractions (x, y); None if they are parallel."""
    (a, c, e), (p, q, r) = first, second
    det = a * q - c * p
    return None if det == 0 else ((e * q - c * r) / det, (a * r - e * p) / det)
