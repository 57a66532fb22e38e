"""Arrows and hulls: what is drawn where, and what wrong shapes are told."""

import numpy as np
import pytest

from tinyffn import plot
from tinyffn.plot.vectors import convex_hull


def test_arrows_end_where_they_should_and_bear_their_names():
    fig = plot.arrows({"before": {"q": [1, 0], "k": [0, 2]}, "after": {"q": [0, 1]}})
    before, after = fig.axes
    assert {t.get_text() for t in before.texts} == {"q", "k"}
    ends = {tuple(line.get_xydata()[-1]) for line in before.get_lines()}
    assert ends == {(1, 0), (0, 2)}
    assert before.get_xlim() == after.get_xlim()
    assert after.get_title() == "after"


def test_the_hull_goes_around_all_points_and_has_no_dent():
    rng = np.random.default_rng(0)
    points = rng.standard_normal((30, 2))
    corners = convex_hull(points)
    following = np.roll(corners, -1, axis=0)
    edge, away = following - corners, points[:, None] - corners
    crossed = edge[:, 0] * away[..., 1] - edge[:, 1] * away[..., 0]
    assert crossed.min() > -1e-12  # every point lies to the left of every edge
    assert {tuple(c) for c in corners} <= {tuple(p) for p in points}
    assert len(corners) < 30


def test_what_lies_on_an_edge_is_no_corner():
    square = [[0, 0], [1, 0], [1, 1], [0, 1]]
    inside = [[0.5, 0.5], [0.5, 0], [1, 0.5]]
    assert sorted(convex_hull(np.array(inside + square)).tolist()) == sorted(square)


def test_hull_draws_corners_and_points():
    fig = plot.hull(np.eye(3)[:, :2], {"outputs": np.full((4, 2), 0.2)})
    assert [line.get_label() for line in fig.axes[0].get_lines()] == ["values", "outputs"]


def test_wrong_shapes_say_so():
    with pytest.raises(ValueError, match=r"hull: corners \(3, 3\) must be \(n, 2\)"):
        plot.hull(np.eye(3), {})
    with pytest.raises(ValueError, match="arrows: pictures must hold"):
        plot.arrows({"a": {"q": [1, 2, 3]}})
