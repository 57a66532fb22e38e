"""The style: one palette, nothing changed for good, and every figure drawn with it."""

import re
from inspect import isfunction
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from matplotlib.colors import to_hex, to_rgba_array
from matplotlib.figure import Figure

from tinyffn import plot
from tinyffn.graph import GraphNode
from tinyffn.plot import palette
from tinyffn.train import History

RUN = History(
    step=[0, 1, 2], loss=[3.0, 2.0, 1.5], rate=[0.0, 0.1, 0.1], eval_step=[0, 2], eval_loss=[3, 2]
)
NODES = [
    GraphNode("x", (4, 8), (), 0, "input"),
    GraphNode("w", (8, 8), (), 0, "parameter"),
    GraphNode("linear", (4, 8), (0, 1), 256, "op"),
    GraphNode("add", (4, 8), (0, 2), 0, "op"),
]


def _sum(points):
    return points.sum(axis=1)


FIGURES = {
    "lines": lambda: plot.lines({"a": ([1, 2], [3, 4]), "b": ([1, 2], [5, 6])}, x="step", y="nats"),
    "history": lambda: plot.history(RUN, references={"bigram": 2.5}),
    "warped_grid": lambda: plot.warped_grid({"still": lambda x: x, "half": lambda x: x / 2}),
    "course_map": lambda: plot.course_map(here=3),
    "graph": lambda: plot.graph(NODES),
    "ranges": lambda: plot.ranges({"a": [1, 2, 3], "b": [2, 2, 4]}, x="nats", references={"r": 2}),
    "grouped_ranges": lambda: plot.grouped_ranges(
        {"few": {"a": [1, 2], "b": [2, 2]}, "many": {"b": [3, 4]}}, x="nats", references={"r": 2}
    ),
    "bands": lambda: plot.bands({"a": ([1, 2], [[3, 4], [4, 6]])}, x="step", y="nats"),
    "stream": lambda: plot.stream(norm_first=False),
    "verdicts": lambda: plot.verdicts(np.eye(2), rows=["a", "b"], columns=["one", "two"]),
    "images": lambda: plot.images({"a": np.eye(3), "b": np.ones((3, 3))}),
    "intervals": lambda: plot.intervals({"a": ([1], [2], [(1, 3)])}, x="width", y="share"),
    "reading": lambda: plot.reading("ab", np.eye(2), [1, 0], {"c": 0.4, "d": 0.1}, answer="d"),
    "letters": lambda: plot.letters(["ab"], [[0, 1]], names=["one"], above="xy", scale="share"),
    "multiples": lambda: plot.multiples({"a": {"b": ([1], [2]), "c": ([1], [3])}}, x="x", y="y"),
    "arrows": lambda: plot.arrows({"turned": {"q": [1.0, 0.0], "k": [0.0, 2.0]}}),
    "hull": lambda: plot.hull(np.eye(3)[:, :2], {"inside": np.full((2, 2), 0.3)}),
    "position_maps": lambda: plot.position_maps({"a": np.tri(3)}, leaks={"a": np.eye(3) > 0}),
    "regions": lambda: plot.regions(np.eye(2), np.zeros(2)),
    "plane_map": lambda: plot.plane_map({"sum": _sum}, points=np.eye(2), labels=[0, 1], level=0.5),
    "features": lambda: plot.features({"one of two": np.array([[1.0, 0.0], [0.0, 0.1]])}),
    "cards": lambda: plot.cards({"neuron 7": ([("at", "of", "all", 2.5)], {"day": 3.0})}),
    "moved": lambda: plot.moved(np.eye(2), [1.0, 1.0], {"along": [1.0, 1.0]}),
    "before_after": lambda: plot.before_after({"a": {"b": ([1], [2])}}, x="x", y="y", below="low"),
    "dots": lambda: plot.dots({"a": {"one": [1, 2], "two": [3]}, "b": {"one": [2]}}, x="percent"),
    "levels": lambda: plot.levels({"a": ([-2.0, 1.0], [-1.0, 1.0])}, x="weight"),
    "flips": lambda: plot.flips({"a": ([1.0, 1.0], [[1.0, 0.5], [0.5, -2.0]])}),
    "rates": lambda: plot.rates({"a": [("b", 1.0, 2.0)]}, laws={"c": ([1, 2], [3, 4])}),
    "sizes": lambda: plot.sizes({"a": {"b": (2, [1, 2])}}, x="bits", y="facts"),
    "tallies": lambda: plot.tallies({"a": {"one": 1, "two": 2}}, x="claims"),
    "octets": lambda: plot.octets([3, 255], parts={"scale": 1, "signs": 1}),
    "roofline": lambda: plot.roofline({"a": ([1, 2], [3, 4])}, peak=9, bandwidth=4),
    "latent": lambda: plot.latent([[0.2, -0.1], [0.1, 0.1]]),
    "rounding": lambda: plot.rounding([0.4, 1.3], np.eye(2), {"alone": [(0, 1)]}),
}
every_figure = pytest.mark.parametrize("name", FIGURES)


def _colors(fig):
    """Every colour of a line, patch or text in a figure, without the see-through ones."""
    getters = ("get_color", "get_edgecolor", "get_facecolor", "get_markeredgecolor")
    for artist in fig.findobj():
        for getter in getters:
            color = to_rgba_array(getattr(artist, getter, lambda: "none")())
            yield from (to_hex(c).upper() for c in color if c[3] > 0)


def test_every_function_that_gives_a_figure_is_here():
    functions = {name: getattr(plot, name) for name in plot.__all__}
    hints = {n: f.__annotations__.get("return") for n, f in functions.items() if isfunction(f)}
    assert set(FIGURES) == {name for name, hint in hints.items() if hint is Figure}


@every_figure
def test_a_figure_uses_the_palette_alone(name):
    allowed = {*palette.PALETTE, palette.YELLOW, palette.GREY, "#000000", "#FFFFFF"}
    assert set(_colors(FIGURES[name]())) <= allowed


@every_figure
def test_drawing_leaves_matplotlib_as_it_was(name):
    before = dict(matplotlib.rcParams)
    plot.Picture(FIGURES[name](), "a test")._repr_html_()
    assert dict(matplotlib.rcParams) == before


@every_figure
def test_a_reader_s_own_settings_do_not_change_a_figure(name):
    expected = plot.Picture(FIGURES[name](), "a test")._repr_html_()
    with matplotlib.rc_context({"font.size": 30, "lines.linewidth": 9, "axes.grid": False}):
        assert plot.Picture(FIGURES[name](), "a test")._repr_html_() == expected


def test_colours_written_in_the_package_are_the_palette_s():
    written = set()
    for path in Path(palette.__file__).parent.glob("*.py"):
        written |= set(re.findall(r"#[0-9A-Fa-f]{6}\b", path.read_text(encoding="utf-8")))
    assert written <= {*palette.PALETTE, palette.YELLOW, palette.GREY, "#FFFFFF"}


def test_curves_differ_in_dash_as_well_as_in_colour():
    fig = plot.lines({str(k): ([0, 1], [k, k]) for k in range(7)}, x="step", y="nats")
    curves = fig.axes[0].get_lines()
    assert len({line.get_color() for line in curves}) == 7
    assert len({line.get_marker() for line in curves}) == 7
    assert len({str((line.get_linestyle(), line._dash_pattern)) for line in curves}) == 7


def test_a_figure_of_one_s_own():
    with plot.style():
        fig, axes = plot.figure(1, 2, width=6, height=3, sharey=True)
        axes[0].plot([1, 2])
    assert np.shape(axes) == (2,)
    assert tuple(fig.get_size_inches()) == (6, 3)
    assert axes[0].get_lines()[0].get_linewidth() == palette.SETTINGS["lines.linewidth"]


def test_bands_draw_laws_in_grey_without_marks_and_name_them():
    fig = plot.bands(
        {"a": ([1, 2], [[1, 2], [3, 4]])}, laws={"all": ([1, 3], [2, 6])}, x="n", y="bits"
    )
    (ax,) = fig.axes
    (law,) = (line for line in ax.lines if line.get_label() == "all")
    assert law.get_marker() in ("", "None", "none") and list(law.get_ydata()) == [2, 6]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["a", "all"]
