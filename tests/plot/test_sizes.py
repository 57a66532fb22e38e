"""Named points of several groups against their sizes: where they stand, and what bad input says."""

import numpy as np
import pytest

from tinyffn import plot

GROUPS = {
    "trained": {"sign": (1.25, [0.2, 0.24]), "int4": (4.2, [0.3, 0.28])},
    "rounded": {"float16": (16.0, [0.1]), "int4": (4.2, [0.2]), "sign": (1.25, [0.09, 0.1, 0.08])},
}


def drawn(**settings):
    return plot.sizes(GROUPS, x="bits (1)", y="facts (1)", **settings).axes[0]


def test_a_line_goes_through_the_means_and_every_seed_has_a_dot():
    lines = drawn().lines
    (trained,) = (line for line in lines if line.get_label() == "trained")
    np.testing.assert_allclose(trained.get_xydata(), [(1.25, 0.22), (4.2, 0.29)])
    dots = [line.get_xydata() for line in lines if line.get_marker() == "."]
    assert [len(of) for of in dots] == [2, 2, 1, 1, 3]
    np.testing.assert_allclose(dots[-1], [(1.25, 0.09), (1.25, 0.1), (1.25, 0.08)])


def test_names_stand_above_the_first_group_and_below_the_others():
    words = [(text.get_text(), round(text.xy[1], 3), text.get_va()) for text in drawn().texts]
    assert words[:2] == [("sign", 0.22, "bottom"), ("int4", 0.29, "bottom")]
    assert words[2:] == [("float16", 0.1, "top"), ("int4", 0.2, "top"), ("sign", 0.09, "top")]


def test_points_of_an_unnamed_group_bear_no_names():
    words = [text.get_text() for text in drawn(unnamed=["rounded"]).texts]
    assert words == ["sign", "int4", "", "", ""]


def test_groups_differ_without_colour_and_what_nobody_measured_is_grey():
    ax = drawn(laws={"a law": ([1, 16], [2, 2 / 16])}, marks={"a mark": (1, 0.83)})
    groups = [line for line in ax.lines if line.get_label() in GROUPS]
    assert len({(line.get_marker(), line.get_linestyle()) for line in groups}) == 2
    others = [line for line in ax.lines if line.get_label() in ("a law", "a mark")]
    assert len(others) == 2 and len({line.get_color() for line in others}) == 1
    assert {t.get_text() for t in ax.get_legend().get_texts()} == {*GROUPS, "a law", "a mark"}


def test_both_axes_are_logarithmic_with_plain_numbers():
    ax = drawn()
    assert ax.get_xscale() == ax.get_yscale() == "log"
    ax.figure.canvas.draw()
    assert {"1", "2", "4", "8", "16"} <= {t.get_text() for t in ax.get_xticklabels()}
    assert {"0.1", "0.2"} <= {t.get_text() for t in ax.get_yticklabels()}


@pytest.mark.parametrize(
    ("points", "says"),
    [
        ({}, "sizes: 'a' is empty"),
        ({"x": (1.0, [])}, "sizes: 'x' of 'a' is (1.0, [])"),
        ({"x": (0.0, [1.0])}, "must be a size above 0"),
        ({"x": (1.0, [0.0])}, "a value above 0 for each seed"),
        ({"x": (1.0, [np.nan])}, "sizes: 'x' of 'a'"),
    ],
    ids=["empty", "no seed", "size 0", "value 0", "nan"],
)
def test_what_cannot_stand_on_such_axes_is_refused(points, says):
    with pytest.raises(ValueError) as error:
        plot.sizes({"a": points}, x="x", y="y")
    assert says in str(error.value)
