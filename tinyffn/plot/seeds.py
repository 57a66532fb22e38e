"""Several runs of one thing: every seed as a dot, or a curve with the range over seeds."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from tinyffn.plot.curves import MARKERS, draw_references, set_log_x
from tinyffn.plot.palette import BLACK, BLUE, GREY, PALETTE, figure, style


@style()
def ranges(
    values: Mapping[str, Sequence[float]],
    *,
    x: str,
    references: Mapping[str, float] | None = None,
    title: str = "",
    logx: bool = False,
    width: float = 8.0,
    height: float | None = None,
) -> Figure:
    """One row for each arm: a dot for each seed, a bar from the lowest to the highest, the mean.

    values       {arm: the value of each seed}, drawn from top to bottom
    x            what the values are, with the unit in brackets
    references   {label: value}: grey vertical lines to compare with
    logx         a logarithmic axis with a tick at each power of ten
    """
    _must_be_drawable("ranges", values)
    fig, ax = figure(width=width, height=height or 1.1 + 0.42 * len(values))
    _draw_rows(ax, values, list(values))
    draw_references(ax, references, upright=True)
    if logx:
        ax.set_xscale("log")
    ax.set(xlabel=x, title=title)
    return fig


@style()
def grouped_ranges(
    groups: Mapping[str, Mapping[str, Sequence[float]]],
    *,
    x: str,
    rows: Sequence[str] | None = None,
    references: Mapping[str, float] | None = None,
    width: float = 9.5,
    height: float | None = None,
) -> Figure:
    """A panel for each group, drawn as `ranges` does; rows and the axis are the same in all.

    groups       {title: {arm: the value of each seed}}, drawn from left to right; where a group
                 lacks an arm that another has, its row stays empty
    x            what the values are, with the unit in brackets
    rows         the arms from top to bottom; without it, as they first appear
    references   {label: value}: dotted vertical lines to compare with, named above the panels
    """
    if not groups:
        raise ValueError("grouped_ranges: groups is empty: give {title: {arm: [a value a seed]}}")
    for values in groups.values():
        _must_be_drawable("grouped_ranges", values)
    arms = list(dict.fromkeys(arm for values in groups.values() for arm in values))
    rows = arms if rows is None else list(rows)
    if set(rows) != set(arms):
        raise ValueError(f"grouped_ranges: rows are {rows}, but must be the arms {arms}")
    fig, axes = figure(
        1, len(groups), width=width, height=height or 1.5 + 0.42 * len(rows), sharex=True,
        sharey=True, squeeze=False,
    )  # fmt: skip
    look: dict[str, Any] = {"color": BLACK, "linestyle": (0, (1, 1)), "linewidth": 1.5}
    for k, (ax, (title, values)) in enumerate(zip(axes[0], groups.items(), strict=True)):
        for level in (references or {}).values():
            ax.axvline(level, **look)
        _draw_rows(ax, values, rows)
        ax.margins(x=0.12)  # so that no line to compare with lies on the edge of a panel
        ax.set_title(title, fontsize=12)
        ax.tick_params(left=k == 0)
    fig.supxlabel(x, fontsize=12)
    if references:
        handles = [Line2D([], [], **look) for _ in references]
        fig.legend(handles, list(references), loc="outside upper left", fontsize=11)
    return fig


def _draw_rows(ax: Axes, values: Mapping[str, Sequence[float]], rows: list[str]) -> None:
    """For each arm a dot for each seed, a bar over their range, and the mean, in the arm's row."""
    for arm, seeds in values.items():
        row = rows.index(arm)
        low, high = min(seeds), max(seeds)
        ax.plot([low, high], [row, row], color=GREY, linestyle="-", linewidth=5, alpha=0.4)
        ax.plot(seeds, [row] * len(seeds), color=BLUE, linestyle="none", marker="o", alpha=0.8)
        mean = float(np.mean(seeds))
        ax.plot(mean, row, color=BLACK, linestyle="none", marker="|", markersize=18, mew=2.5)
    ax.set(yticks=range(len(rows)), yticklabels=rows)
    ax.set_ylim(len(rows) - 0.5, -0.5)
    ax.grid(axis="y", visible=False)


def _must_be_drawable(owner: str, values: Mapping[str, Sequence[float]]) -> None:
    if not values or any(len(v) == 0 for v in values.values()):
        raise ValueError(
            f"{owner}: values is empty, or an arm has none: give {{arm: [a value a seed]}}"
        )
    for arm, seeds in values.items():
        if not np.isfinite(np.asarray(seeds, dtype=float)).all():
            raise ValueError(f"{owner}: {arm!r} has a value that is not finite: {list(seeds)}")


@style()
def bands(
    curves: Mapping[str, tuple[Any, Any]],
    *,
    x: str,
    y: str,
    laws: Mapping[str, tuple[Any, Any]] | None = None,
    references: Mapping[str, float] | None = None,
    references_left: bool = False,
    title: str = "",
    logx: bool = False,
    logy: bool = False,
    x_end: float | None = None,
    width: float = 8.0,
    height: float = 4.0,
) -> Figure:
    """For each label the mean over seeds, in a band from the lowest seed to the highest.

    curves       {label: (x values (n), y values (n_seeds, n))}; NaN leaves a gap
    x, y         what the axes show, with the unit in brackets
    logx         a logarithmic axis with a tick at each power of ten: for rates, and steps
    laws         {label: (x values, y values)}: grey lines without marks, which nobody measured
    references   {label: value}: grey horizontal lines to compare with, each named at its right end,
                 or at its left if references_left: where no curve runs
    x_end        where the x axis ends, if names of references need room beyond the curves
    """
    fig, ax = figure(width=width, height=height)
    for k, (label, (xs, ys)) in enumerate(curves.items()):
        ys = np.asarray(ys, dtype=float)
        if ys.ndim != 2 or ys.shape[1] != len(xs):
            raise ValueError(
                f"bands: the curve {label!r} has y values {ys.shape}, but must have "
                f"(n_seeds, {len(xs)}): one row for each seed"
            )
        if np.isinf(ys).any():
            raise ValueError(f"bands: the curve {label!r} is infinite somewhere: NaN leaves a gap")
        color = PALETTE[k % len(PALETTE)]
        every = max(1, len(xs) // 16)
        ax.fill_between(xs, ys.min(axis=0), ys.max(axis=0), color=color, alpha=0.2, linewidth=0)
        ax.plot(xs, ys.mean(axis=0), marker=MARKERS[k % len(MARKERS)], markevery=every, label=label)
    for label, (xs, ys) in (laws or {}).items():
        ax.plot(xs, ys, color=GREY, linestyle="--", label=label)
    draw_references(ax, references, left=references_left)
    if logx:
        set_log_x(ax, base=10)
    if logy:
        ax.set_yscale("log")
    if x_end is not None:
        ax.set_xlim(right=x_end)
    ax.set(xlabel=x, ylabel=y, title=title)
    if len(curves) + len(laws or {}) > 1:
        ax.legend()
    return fig


@style()
def intervals(
    curves: Mapping[str, tuple[Any, Any, Any]],
    *,
    x: str,
    y: str,
    references: Mapping[str, float] | None = None,
    title: str = "",
    logx: bool = False,
    width: float = 8.0,
    height: float = 4.0,
) -> Figure:
    """For each label points with a bar each, from the low to the high end of its interval.

    curves       {label: (x values (n), y values (n), intervals (n, 2))}
    x, y         what the axes show, with the unit in brackets
    logx         a logarithmic axis with a tick at each power of two: for sizes, which one doubles
    references   {label: value}: grey horizontal lines to compare with
    """
    fig, ax = figure(width=width, height=height)
    for k, (label, (xs, ys, ends)) in enumerate(curves.items()):
        if np.shape(ys) != (len(xs),) or np.shape(ends) != (len(xs), 2):
            raise ValueError(
                f"intervals: {label!r} has y values {np.shape(ys)} and intervals {np.shape(ends)}, "
                f"but must have ({len(xs)},) and ({len(xs)}, 2)"
            )
        low, high = np.asarray(ends, dtype=float).T
        if not (np.all(low <= ys) and np.all(ys <= high)):
            raise ValueError(f"intervals: a point of {label!r} lies outside its interval")
        lengths = [np.asarray(ys) - low, high - np.asarray(ys)]
        ax.errorbar(xs, ys, lengths, marker=MARKERS[k % len(MARKERS)], capsize=5, label=label)
    draw_references(ax, references)
    if logx:
        set_log_x(ax, base=2)
    ax.set(xlabel=x, ylabel=y, title=title)
    if len(curves) > 1:
        ax.legend()
    return fig
