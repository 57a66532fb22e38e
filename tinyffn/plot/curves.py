"""Curves: any quantity against any other, and the history of a training run."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, NullLocator

from tinyffn.plot.palette import BLACK, BLUE, GREEN, GREY, VERMILLION, figure, style
from tinyffn.train import History

MARKERS = "osD^vPX"


@style()
def lines(
    curves: Mapping[str, tuple[Any, Any]],
    *,
    x: str,
    y: str,
    title: str = "",
    logx: bool = False,
    logy: bool = False,
    references: Mapping[str, float] | None = None,
    points: Mapping[str, tuple[Any, Any]] | None = None,
    markers: bool = True,
    width: float = 8.0,
    height: float = 4.0,
) -> Figure:
    """One curve for each label, with markers along it.

    curves       {label: (x values, y values)}
    x, y         what the axes show, with the unit in brackets
    logx         a logarithmic axis with a tick at each power of two: for sizes, which one doubles
    points       as curves, drawn as black points alone: what was measured, where curves are laws.
                 The curves have no markers then
    markers      False for curves alone, where a marker would be taken for a point that matters
    references   {label: value}: grey horizontal lines to compare with
    """
    fig, ax = figure(width=width, height=height)
    for k, (label, (xs, ys)) in enumerate(curves.items()):
        every = max(1, len(xs) // 16)  # so many markers that curves differ, so few that they show
        marker = MARKERS[k % len(MARKERS)] if markers and not points else ""
        ax.plot(xs, ys, marker=marker, markevery=every, label=label)
    for k, (label, (xs, ys)) in enumerate((points or {}).items()):
        mark = {"marker": MARKERS[k % len(MARKERS)], "color": BLACK, "linestyle": "none"}
        ax.plot(xs, ys, label=label, markersize=9, **mark)
    draw_references(ax, references)
    if logx:
        set_log_x(ax, base=2)
    if logy:
        ax.set_yscale("log")
        if ax.get_ylim()[1] < 10 * ax.get_ylim()[0]:  # no power of ten may be among the ticks
            ax.yaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10]))
            ax.yaxis.set_major_formatter("{x:g}")
            ax.yaxis.set_minor_locator(NullLocator())
    ax.set(xlabel=x, ylabel=y, title=title)
    if len(curves) + len(points or {}) > 1:
        ax.legend()
    return fig


@style()
def history(
    run: History,
    *,
    references: Mapping[str, float] | None = None,
    title: str = "",
    width: float = 8.0,
    height: float = 5.0,
) -> Figure:
    """The loss of a training run against its steps, and the learning rate below it.

    run          what `tinyffn.train.fit` returns
    references   {label: loss in nats}: horizontal lines, such as a simpler model's loss
    """
    if not run.step:
        raise ValueError("history: run.step is empty: train at least one step before drawing")
    ratios = {"height_ratios": [3, 1]}
    fig, (above, below) = figure(2, 1, width=width, height=height, sharex=True, gridspec_kw=ratios)
    above.plot(run.step, run.loss, color=BLUE, linestyle="-", linewidth=1, label="training batch")
    if run.eval_step:
        held_out = {"color": VERMILLION, "linestyle": "--", "marker": "o"}
        above.plot(run.eval_step, run.eval_loss, **held_out, label="held-out")
    draw_references(above, references)
    above.set(ylabel="loss (nats)", title=title)
    above.legend()
    below.plot(run.step, run.rate, color=GREEN, linestyle="-")
    below.set(xlabel="step", ylabel="learning rate", ylim=(0, 1.15 * float(np.max(run.rate)) or 1))
    return fig


def set_log_x(ax: Any, *, base: int) -> None:
    """A logarithmic x axis with a tick at each power of `base`, written as a plain number."""
    ax.set_xscale("log", base=base)
    ax.xaxis.set_major_formatter("{x:g}")


def draw_references(
    ax: Any,
    references: Mapping[str, float] | None,
    *,
    upright: bool = False,
    left: bool = False,
) -> None:
    """Thin lines, each with its name written on it rather than in the legend: at the right end of a
    level line, or at the left.
    """
    look = {"color": GREY, "linestyle": (0, (1, 1)), "linewidth": 1.5}
    words = {"textcoords": "offset points", "color": BLACK, "fontsize": 11}
    for label, value in (references or {}).items():
        if upright:
            ax.axvline(value, **look)
            place = {"xycoords": ax.get_xaxis_transform(), "xytext": (3, 1), "va": "bottom"}
            ax.annotate(label, (value, 1), **place, **words)
        else:
            ax.axhline(value, **look)
            side = {"xytext": (3, 3), "ha": "left"} if left else {"xytext": (0, 3), "ha": "right"}
            place = {"xycoords": ax.get_yaxis_transform(), **side}
            ax.annotate(label, (0 if left else 1, value), **place, **words)
