"""Things measured twice: where the dots are, one scale for all panels, and what is tinted."""

import numpy as np
import pytest

from tinyffn import plot


def test_each_thing_is_a_dot_and_all_panels_have_one_scale():
    one = {"others": ([1.0, 2.0], [1.0, -4.0]), "the edited": ([3.0], [0.5])}
    fig = plot.before_after({"small": one, "none": {"others": ([0.0], [0.0])}}, x="old", y="new")
    left, right = fig.axes
    line, others, edited = left.get_lines()
    assert line.get_xy1() == (0, 0) and line.get_slope() == 1
    np.testing.assert_array_equal(others.get_xydata(), [[1, 1], [2, -4]])
    assert edited.get_label() == "the edited" and edited.get_marker() != others.get_marker()
    assert left.get_xlim() == right.get_xlim() and left.get_ylim() == right.get_ylim()
    assert left.get_ylim()[0] < -4 and left.get_xlim()[0] > -1
    assert not left.patches and not left.texts


def test_the_lower_half_is_tinted_and_named():
    fig = plot.before_after({"a": {"all": ([1.0], [-1.0])}}, x="x", y="y", below="answer changed")
    (ax,) = fig.axes
    (tinted,) = ax.patches
    assert tinted.get_y() + tinted.get_height() == 0 or tinted.get_y() == 0
    assert ax.texts[0].get_text().strip() == "answer changed"


def test_unequal_numbers_say_so():
    with pytest.raises(ValueError, match=r"before_after: 'all' has \(1,\) numbers before and \(2,"):
        plot.before_after({"a": {"all": ([1.0], [1.0, 2.0])}}, x="x", y="y")
