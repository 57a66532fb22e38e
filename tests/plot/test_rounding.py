"""Two weights on a grid: where arrows lead, which ring is drawn, what wrong shapes say."""

import numpy as np
import pytest
from matplotlib.text import Annotation

from tinyffn import plot

W = np.array([1.4, 2.3])
C = np.array([[3.0, 1.0], [1.0, 2.0]])


def _arrows(ax):
    found = [text for text in ax.texts if isinstance(text, Annotation)]
    return [(tuple(arrow.xyann), tuple(arrow.xy)) for arrow in found]


def test_arrows_lead_from_the_weights_over_each_place_to_the_last():
    fig = plot.rounding(W, C, {"alone": [(1, 2)], "in turn": [(1, 2.5), (1, 3)]})
    alone, in_turn = fig.axes[:2]
    assert _arrows(alone) == [((1.4, 2.3), (1, 2))]
    assert _arrows(in_turn) == [((1.4, 2.3), (1, 2.5)), ((1, 2.5), (1, 3))]
    assert [ax.get_title() for ax in (alone, in_turn)] == ["alone", "in turn"]


def test_colours_are_the_damage_and_the_ring_is_that_of_the_end():
    ax = plot.rounding(W, C, {"alone": [(2, 2)]}).axes[0]
    (image,) = ax.images
    _, right, bottom, _ = image.get_extent()
    d = np.array([right, bottom]) - W
    np.testing.assert_allclose(image.get_array()[0, -1], d @ C @ d)
    assert image.get_array().min() < 1e-9 and image.origin == "lower"
    d = np.array([2, 2]) - W
    (ring,) = ax.collections
    np.testing.assert_allclose(ring.levels, [d @ C @ d])


def test_dots_are_the_whole_numbers_within_the_square():
    ax = plot.rounding(W, C, {"alone": [(1, 2)]}).axes[0]
    dots = ax.get_lines()[0].get_xydata()
    assert np.array_equal(dots, np.rint(dots)) and {(1.0, 2.0), (2.0, 3.0)} <= set(map(tuple, dots))
    (low, high), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    assert np.all((dots[:, 0] > low) & (dots[:, 0] < high))
    assert np.all((dots[:, 1] > bottom) & (dots[:, 1] < top))
    star = ax.get_lines()[1].get_xydata()
    np.testing.assert_allclose(star, [W])


def test_weights_that_are_whole_have_no_ring():
    ax = plot.rounding([1, 2], C, {"alone": [(1, 2)]}).axes[0]
    assert len(ax.collections) == 0


def test_wrong_shapes_say_so():
    with pytest.raises(ValueError, match=r"rounding: weights \(3,\) and second_moment \(2, 2\)"):
        plot.rounding(np.zeros(3), C, {"a": [(1, 2)]})
    for paths in ({}, {"a": [(1, 2, 3)]}, {"a": []}):
        with pytest.raises(ValueError, match=r"rounding: paths must hold \{title: places"):
            plot.rounding(W, C, paths)
