"""What something is worth against its size: named points of several groups, over seeds."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullLocator

from tinyffn.plot.curves import MARKERS, set_log_x
from tinyffn.plot.palette import BLACK, DASHES, GREY, PALETTE, figure, style


@style()
def sizes(
    groups: Mapping[str, Mapping[str, tuple[float, Sequence[float]]]],
    *,
    x: str,
    y: str,
    laws: Mapping[str, tuple[Any, Any]] | None = None,
    marks: Mapping[str, tuple[float, float]] | None = None,
    unnamed: Sequence[str] = (),
    width: float = 9.0,
    height: float = 5.2,
) -> Figure:
    """Each group a line through its means, at each a name and a small dot for each seed.

    Both axes are logarithmic: there a value that halves when the size doubles falls along a line.

    groups   {label: {name: (size, the value of each seed)}}, sizes and values above 0. The names of
             the first group stand above its points, those of the others below
    x, y     what the axes show, with the unit in brackets; ticks are at powers of two, and at 1, 2
             and 5 of each power of ten
    laws     {label: (sizes, values)}: grey lines to compare with, which nobody measured
    marks    {label: (size, value)}: single points of that kind
    unnamed  labels of groups whose points bear no names, as those of another group say them
    """
    fig, ax = figure(width=width, height=height)
    for k, (label, points) in enumerate(groups.items()):
        _must_be_drawable(label, points)
        color, marker = PALETTE[k % len(PALETTE)], MARKERS[k % len(MARKERS)]
        at = [size for size, _ in points.values()]
        means = [float(np.mean(seeds)) for _, seeds in points.values()]
        line = {"color": color, "linestyle": DASHES[k % len(DASHES)]}
        ax.plot(at, means, marker=marker, label=label, markersize=9, **line)
        above = {"xytext": (0, 12), "va": "bottom"} if k == 0 else {"xytext": (0, -12), "va": "top"}
        for (name, (size, seeds)), mean in zip(points.items(), means, strict=True):
            ax.plot([size] * len(seeds), seeds, ".", color=BLACK, markersize=3)
            words = "" if label in unnamed else name
            ax.annotate(
                words, (size, mean), textcoords="offset points", ha="center", fontsize=11, **above
            )
    for k, (label, (at, values)) in enumerate((laws or {}).items()):
        ax.plot(at, values, color=GREY, linestyle=DASHES[k + 1], label=label)
    for k, (label, (size, value)) in enumerate((marks or {}).items()):
        ax.plot(size, value, "*+x"[k % 3], color=GREY, markersize=13, label=label)
    ax.set_yscale("log")
    ax.yaxis.set_major_locator(LogLocator(10, subs=(1, 2, 5)))
    ax.yaxis.set_major_formatter("{x:g}")
    ax.yaxis.set_minor_locator(NullLocator())
    set_log_x(ax, base=2)
    ax.margins(x=0.08, y=0.12)
    ax.set(xlabel=x, ylabel=y)
    ax.legend()
    return fig


def _must_be_drawable(label: str, points: Mapping[str, tuple[float, Sequence[float]]]) -> None:
    for name, (size, seeds) in points.items():
        numbers = np.asarray([size, *seeds], dtype=float)
        if len(seeds) == 0 or not (np.isfinite(numbers) & (numbers > 0)).all():
            raise ValueError(
                f"sizes: {name!r} of {label!r} is ({size}, {list(seeds)}), but must be a size "
                "above 0 and a value above 0 for each seed"
            )
    if not points:
        raise ValueError(f"sizes: {label!r} is empty: give {{name: (size, [a value a seed])}}")
