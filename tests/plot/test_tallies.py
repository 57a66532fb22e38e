"""Bars cut into parts: where each part stands, what it says, and what bad input says."""

import pytest

from tinyffn import plot

ROWS = {
    "one text": {"right": 6, "wrong": 0, "open": 3},
    "another": {"right": 1, "wrong": 50, "open": 9},
}


def test_parts_follow_each_other_and_say_how_many_they_stand_for():
    ax = plot.tallies(ROWS, x="claims").axes[0]
    parts = [(round(p.get_y() + p.get_height() / 2), p.get_x(), p.get_width()) for p in ax.patches]
    assert parts == [(0, 0, 6), (0, 6, 3), (1, 0, 1), (1, 1, 50), (1, 51, 9)]
    assert [text.get_text() for text in ax.texts] == ["6", "3", "1", "50", "9"]
    places = [text.get_position() for text in ax.texts]
    assert places == [(3, 0), (7.5, 0), (0.5, 0.64), (26, 1), (55.5, 1)]  # 1 stands above
    assert [text.get_text() for text in ax.texts if text.get_bbox_patch() is None] == ["1"]
    assert [t.get_text() for t in ax.get_yticklabels()] == list(ROWS)
    assert ax.get_ylim()[0] > ax.get_ylim()[1]  # the first group on top


def test_a_kind_looks_the_same_in_all_rows_and_in_the_legend_and_differs_by_hatch():
    fig = plot.tallies(ROWS, x="claims")
    parts = fig.axes[0].patches
    assert parts[0].get_facecolor() == parts[2].get_facecolor()
    assert len({part.get_hatch() for part in parts[2:]}) == 3
    assert [t.get_text() for t in fig.legends[0].get_texts()] == ["right", "wrong", "open"]
    in_legend = [part.get_hatch() for part in fig.legends[0].get_patches()]
    assert in_legend == [part.get_hatch() for part in parts[2:]]
    assert not plot.tallies({"one kind": {"claims": 3}}, x="claims").legends


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ({}, "tallies: rows must be {group: {kind: number}}"),
        ({"a": {}}, "tallies: rows must be"),
        ({"a": {"x": 1}, "b": {"y": 1}}, "with the same kinds in each group"),
        ({"a": dict.fromkeys("abcdefg", 1)}, "from 1 to 6 of them"),
        ({"a": {"x": -1}}, "tallies: 'a' has -1 of 'x'"),
    ],
)
def test_what_cannot_be_drawn_says_so(rows, says):
    with pytest.raises(ValueError, match=r"^tallies: ") as error:
        plot.tallies(rows, x="claims")
    assert says in str(error.value)
