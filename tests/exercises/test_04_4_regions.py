"""The reference of exercise 4.4 against the library's count and against regions that are hit."""

import numpy as np
import pytest

from tinyffn.studies.regions import regions_hit, regions_of_plane, zaslavsky


@pytest.fixture
def regions_added(part):
    return part("4.4", "reference").regions_added


def draw(seed, n, largest):
    rng = np.random.default_rng(seed)
    return rng.integers(-largest, largest + 1, size=(2, n)), rng.integers(-6, 7, size=n)


def test_in_a_square_that_holds_all_corners_the_sum_is_the_library_s_count(regions_added, seeds):
    """With |w| at most 3 and |b| at most 6, corners lie within 36 of the middle; so does some
    point of each line."""
    for seed in seeds:
        w, b = draw(seed, 12, 3)
        assert 1 + regions_added(w, b, 100).sum() == regions_of_plane(w, b)


def test_in_general_position_the_sum_is_zaslavsky_s(regions_added):
    w = np.array([[1, 0, 1, 1, 3, 5], [0, 1, 1, -2, 1, 2]])
    b = np.array([1, 2, -5, 11, 40, -17])
    assert regions_added(w, b, 999).tolist() == [1, 2, 3, 4, 5, 6]
    assert zaslavsky(6, 2) == 1 + 21


def test_in_a_small_square_it_is_what_a_fine_grid_hits(regions_added, seeds):
    """A grid of a square of half 2 that lies askew: small regions may be missed, never invented."""
    x = np.linspace(-2, 2, 402)[1:-1] + 1e-4
    points = np.stack(np.meshgrid(x, x + 1e-4), axis=-1).reshape(-1, 2)
    points = points[np.abs(points).max(axis=1) < 2]
    missed = 0
    for seed in list(seeds)[:20]:
        w, b = draw(seed, 6, 2)
        hit, counted = regions_hit(w, b, points), 1 + regions_added(w, b, 2).sum()
        assert hit <= counted
        missed += counted - hit
    assert missed == 0


def test_the_order_of_lines_does_not_change_the_sum(regions_added, seeds):
    for seed in seeds:
        w, b = draw(seed, 10, 3)
        order = np.random.default_rng(seed).permutation(10)
        assert regions_added(w, b, 3).sum() == regions_added(w[:, order], b[order], 3).sum()


def test_the_first_two_hints_do_not_hold_the_answer(exercise):
    for hint in exercise("4.4").hints[:2]:
        assert not any(code in hint for code in ("np.", "cross", "gcd", "|", "determinant"))
