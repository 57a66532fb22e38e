"""The reference of exercise 4.2 against the arcsine of a sine and a count of its pieces."""

from math import prod

import numpy as np
import pytest

from tinyffn.studies.layers import run
from tinyffn.studies.pieces import pieces_along_line

LISTS = [[1], [2], [7], [3, 2], [2, 3], [1, 4, 1], [2, 3, 4], [2] * 9, [5, 5, 5]]


@pytest.fixture
def zigzag(part):
    return part("4.2", "reference").zigzag


@pytest.mark.parametrize("pieces", LISTS, ids=str)
def test_it_is_one_zigzag_of_as_many_pieces_as_the_product(zigzag, pieces):
    """A zigzag from -1 to 1 is 2/π arcsin sin of a straight line, with slope m at the start."""
    layers, m = zigzag(pieces), prod(pieces)
    x = np.linspace(-1, 1, 997)
    expected = 2 / np.pi * np.arcsin(np.sin(np.pi / 2 * (m * (x + 1) - 1)))
    np.testing.assert_allclose(run(layers, x[:, None])[:, 0], expected, atol=1e-7)
    assert pieces_along_line(layers, [0.0], [1.0], low=-1, high=1, tolerance=1e-6) == m
    assert [len(b) for _, b in layers] == [*pieces, 1]


def test_layers_in_a_row_are_zigzags_put_into_each_other(zigzag):
    x = np.linspace(-1, 1, 301)[:, None]
    y = run(zigzag([4]), run(zigzag([3]), x))
    np.testing.assert_allclose(run(zigzag([3, 4]), x), y, atol=1e-12)


def test_the_first_two_hints_do_not_hold_the_answer(exercise):
    for hint in exercise("4.2").hints[:2]:
        assert not any(code in hint for code in ("np.", "2j", "2m", "outer", "["))
