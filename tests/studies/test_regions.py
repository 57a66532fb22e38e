"""Regions of the plane: exactly Zaslavsky's in general position, and right where lines are not."""

import re

import numpy as np
import pytest

from tinyffn.studies.regions import (
    corners_of_plane,
    montufar,
    regions_hit,
    regions_of_plane,
    zaslavsky,
)


def test_zaslavsky_on_paper():
    assert [zaslavsky(n, 2) for n in (1, 2, 3, 4, 8, 16, 32)] == [2, 4, 7, 11, 37, 137, 529]
    assert [zaslavsky(n, 1) for n in (1, 5)] == [2, 6]
    assert zaslavsky(3, 3) == zaslavsky(3, 10) == 8  # every on-off pattern, if there is room


def test_montufar_on_paper():
    assert montufar(2, [4]) == zaslavsky(4, 2) == 11
    assert montufar(2, [4, 5, 8]) == (2 * 2) * (2 * 2) * 37
    assert montufar(1, [2] * 5) == 2**4 * 3


@pytest.mark.parametrize("n", [1, 2, 4, 8, 16])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_random_lines_reach_the_formula(n, seed):
    rng = np.random.default_rng(seed)
    assert regions_of_plane(rng.normal(size=(2, n)), rng.normal(size=n)) == zaslavsky(n, 2)


def _lines(*abc):
    """Lines a x + b y + c = 0."""
    table = np.array(abc, dtype=float)
    return table[:, :2].T, table[:, 2]


ARRANGEMENTS = {
    "no line": ([(0, 0, 1)], 1),
    "parallel": ([(1, 0, 0), (1, 0, 1), (2, 0, 5)], 4),
    "parallel by thirds": ([(1, 3, 0), (0.1, 0.3, 1)], 4),  # 0.3 is not three times 0.1, as floats
    "coincident": ([(1, 0, 1), (-2, 0, -2), (0.5, 0, 0.5)], 2),
    "through one point": ([(1, 0, 0), (0, 1, 0), (1, 1, 0), (1, -1, 0)], 8),
    "a grid": ([(1, 0, 0), (1, 0, 1), (0, 1, 0), (0, 1, 1)], 9),
    "a grid and a diagonal": ([(1, 0, 0), (1, 0, 1), (0, 1, 0), (0, 1, 1), (1, -1, 0)], 12),
}


@pytest.mark.parametrize("name", ARRANGEMENTS)
def test_lines_out_of_general_position(name):
    lines, expected = ARRANGEMENTS[name]
    w, b = _lines(*lines)
    assert regions_of_plane(w, b) == expected
    if name != "parallel by thirds":  # there the corner lies 1e16 away
        near = np.random.default_rng(1).uniform(-8, 8, size=(200_000, 2))
        assert regions_hit(w, b, near) == expected


def test_sampling_finds_too_few():
    rng = np.random.default_rng(5)
    w, b = rng.normal(size=(2, 16)), rng.normal(size=16)
    hit = [regions_hit(w, b, 3 * rng.normal(size=(n, 2))) for n in (100, 10_000)]
    assert hit[0] < hit[1] < regions_of_plane(w, b) == 137


def test_corners_lie_on_two_lines_or_more():
    rng = np.random.default_rng(6)
    w, b = rng.normal(size=(2, 7)), rng.normal(size=7)
    points = corners_of_plane(w, b)
    assert points.shape == (21, 2)
    assert (np.sum(np.abs(points @ w + b) < 1e-9, axis=1) == 2).all()
    assert corners_of_plane(np.ones((2, 3)), np.arange(3.0)).shape == (0, 2)


W, B = np.ones((2, 3)), np.ones(3)
MISTAKES = [
    (lambda: zaslavsky(0, 2), "zaslavsky: n is 0, but must be a whole number above 0"),
    (lambda: montufar(2, []), "montufar: widths is [], but each must be d_in = 2 or more"),
    (lambda: montufar(3, [4, 2]), "montufar: widths is [4, 2], but each must be d_in = 3 or more"),
    (lambda: montufar(2, [4, 2.0]), "montufar: widths[1] is 2.0, but must be a whole number"),
    (lambda: regions_of_plane(W.T, B), "regions_of_plane: w (3, 2) and b (3,) must be (2, n) and"),
    (lambda: regions_of_plane(W * np.nan, B), "w or b holds a number that is not finite"),
    (lambda: regions_hit(W, B, B), "regions_hit: points (3,) must be (n, 2)"),
]


@pytest.mark.parametrize("mistake, message", MISTAKES, ids=[m[1] for m in MISTAKES])
def test_message(mistake, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        mistake()
