"""Arms in rows, a mark for each thing measured: where the marks stand, and what bad input says."""

import numpy as np
import pytest

from tinyffn import plot

ROWS = {"one way": {"holds": [90.0, 100.0], "keeps": [50.0, 70.0]}, "another": {"keeps": [20.0]}}


def test_each_mark_stands_at_the_mean_with_a_line_over_the_seeds():
    ax = plot.dots(ROWS, x="percent").axes[0]
    marks = [line for line in ax.get_lines() if line.get_marker() in ("o", "s")][:3]
    assert [float(np.ravel(mark.get_xdata())[0]) for mark in marks] == [95, 60, 20]
    ends = [tuple(line.get_xdata()) for line in ax.get_lines() if line.get_linewidth() == 2]
    assert ends[:3] == [(90, 100), (50, 70), (20, 20)]
    assert [t.get_text() for t in ax.get_yticklabels()] == list(ROWS)


def test_a_label_looks_the_same_in_all_rows_and_marks_of_a_row_do_not_cover_each_other():
    fig = plot.dots(ROWS, x="percent")
    marks = [line for line in fig.axes[0].get_lines() if line.get_marker() in ("o", "s")]
    holds, keeps, keeps_again = marks[:3]
    assert keeps.get_marker() == keeps_again.get_marker() != holds.get_marker()
    assert keeps.get_color() == keeps_again.get_color()
    assert holds.get_ydata()[0] < keeps.get_ydata()[0]
    assert [t.get_text() for t in fig.legends[0].get_texts()] == ["holds", "keeps"]


def test_nothing_to_draw_says_so():
    with pytest.raises(ValueError, match="dots: rows is empty"):
        plot.dots({}, x="percent")
    with pytest.raises(ValueError, match=r"dots: 'b' of 'a' is \[nan\]"):
        plot.dots({"a": {"b": [float("nan")]}}, x="percent")
