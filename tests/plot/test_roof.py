"""The roofline: where the roof bends, where points stand, and what bad input says."""

import numpy as np
import pytest

from tinyffn import plot


def test_the_roof_rises_with_the_bandwidth_and_ends_at_the_peak():
    ax = plot.roofline({"a": ([0.5, 8], [3, 100])}, peak=120, bandwidth=10).axes[0]
    x, y = ax.lines[0].get_data()
    assert x[1] == 12 and list(y) == [10 * x[0], 120, 120]
    assert x[0] < 0.5 and x[2] > 12
    assert ax.get_xscale() == ax.get_yscale() == "log"
    assert {t.get_text() for t in ax.texts} == {
        "arithmetic: 120 · 10⁹ a second",
        "memory: 10 GB a second",
    }


def test_points_of_one_label_are_joined_and_labels_differ_by_their_marks():
    ax = plot.roofline({"a": ([1, 2], [3, 4]), "b": (4, 5)}, peak=9, bandwidth=4).axes[0]
    of_a, of_b = (line for line in ax.lines if line.get_label() in ("a", "b"))
    np.testing.assert_array_equal(of_a.get_xydata(), [[1, 3], [2, 4]])
    np.testing.assert_array_equal(of_b.get_xydata(), [[4, 5]])
    assert of_a.get_marker() != of_b.get_marker() and of_a.get_color() != of_b.get_color()
    assert [t.get_text() for t in ax.get_legend().get_texts()] == ["a", "b"]


def test_limits_that_are_given_stay_whatever_the_points_are():
    for point in ((0.5, 3), (80, 90)):
        limits = {"xlim": (0.25, 1024), "ylim": (2, 256)}
        ax = plot.roofline({"a": point}, peak=100, bandwidth=10, **limits).axes[0]
        assert (ax.get_xlim(), ax.get_ylim()) == ((0.25, 1024), (2, 256))
        x, y = ax.lines[0].get_data()
        assert (x[0], x[2]) == (0.25, 1024) and list(y) == [2.5, 100, 100]


@pytest.mark.parametrize(
    ("points", "peak", "bandwidth"), [({}, 1, 1), ({"a": (1, 1)}, 0, 1), ({"a": (1, 1)}, 1, -2)]
)
def test_what_cannot_be_drawn_says_so(points, peak, bandwidth):
    with pytest.raises(ValueError, match=r"^roofline: .* must be above 0, and there must be"):
        plot.roofline(points, peak=peak, bandwidth=bandwidth)
