"""Error against bits: marks with their names, laws in grey, and what cannot be drawn."""

import pytest
from matplotlib.colors import to_hex

from tinyffn import plot

SCHEMES = {"signs": [("128", 1.125, 36.0), ("8", 3.0, 32.0)], "few bits": [("4 bits", 4.1, 1.4)]}


def test_each_setting_is_a_mark_with_its_name():
    (ax,) = plot.rates(SCHEMES, laws={"Shannon": ([1, 2], [25, 6.25])}).axes
    law, signs, few = ax.get_lines()
    assert list(signs.get_xdata()) == [1.125, 3.0] and list(signs.get_ydata()) == [36, 32]
    assert [text.get_text() for text in ax.texts] == ["Shannon", "128", "8", "4 bits"]
    assert ax.texts[3].xy == (4.1, 1.4)
    assert signs.get_marker() != few.get_marker() and signs.get_color() != few.get_color()
    assert to_hex(law.get_color()) == "#767676" and law.get_marker() == "None"
    assert ax.get_yscale() == "log"


def test_a_law_has_its_name_at_the_line_and_a_scheme_in_the_legend():
    (ax,) = plot.rates(SCHEMES, laws={"Shannon": ([1, 2, 3], [25, 6.25, 1.56])}).axes
    x, y = ax.texts[0].get_position()
    assert (
        x == 2 and 5 < y < 6.25 and 270 < ax.texts[0].get_rotation() < 360
    )  # below, and downwards
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["signs", "few bits"]


def test_ticks_are_plain_numbers():
    fig = plot.rates(SCHEMES)
    fig.canvas.draw()
    shown = {label.get_text() for label in fig.axes[0].get_yticklabels()}
    assert {"2", "5", "10", "20"} <= shown


@pytest.mark.parametrize("schemes", [{}, {"signs": []}], ids=["nothing", "no setting"])
def test_nothing_to_draw_says_so(schemes):
    with pytest.raises(ValueError, match="rates: schemes must hold"):
        plot.rates(schemes)


@pytest.mark.parametrize("value", [0.0, float("nan")], ids=["zero", "nan"])
def test_what_has_no_place_on_the_axis_says_so(value):
    with pytest.raises(ValueError, match="rates: 'signs' needs numbers, and each y above 0"):
        plot.rates({"signs": [("128", 1.1, value)]})
