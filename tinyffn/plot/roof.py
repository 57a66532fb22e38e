"""The roofline: how fast a machine can be, and where programs stand below it."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from tinyffn.plot.curves import MARKERS
from tinyffn.plot.palette import BLACK, DASHES, GREY, PALETTE, figure, style


@style()
def roofline(
    points: Mapping[str, tuple[Any, Any]],
    *,
    peak: float,
    bandwidth: float,
    xlim: tuple[float, float] | None = None,
    ylim: tuple[float, float] | None = None,
    width: float = 8.0,
    height: float = 4.8,
) -> Figure:
    """Operations a second against operations per byte, both logarithmic, and the roof above them.

        roof = min(peak, bandwidth × operations per byte)

    points      {label: (operations per byte, 10^9 operations a second)}; those of one label are
                joined by a line
    peak        of the arithmetic, in 10^9 operations a second: the level part of the roof
    bandwidth   of the memory, in 10^9 bytes a second: the slope of the rising part
    xlim, ylim  of the axes, for figures that are to be compared; by default as the points need
    """
    if not points or peak <= 0 or bandwidth <= 0:
        raise ValueError(
            f"roofline: peak is {peak} and bandwidth {bandwidth}, but both must be above 0, and "
            "there must be a point or more"
        )
    fig, ax = figure(width=width, height=height)
    ridge = peak / bandwidth
    all_x = np.concatenate([np.ravel(x) for x, _ in points.values()])
    left, right = xlim or (min(all_x.min(), ridge) / 2, max(all_x.max(), ridge) * 2)
    ax.plot([left, ridge, right], [bandwidth * left, peak, peak], color=BLACK, linestyle="-",
            linewidth=3)  # fmt: skip
    words = {"fontsize": 11, "color": BLACK, "xycoords": "data", "textcoords": "offset points"}
    ax.annotate(f"arithmetic: {peak:.0f} · 10⁹ a second", (right, peak), xytext=(-4, 5),
                ha="right", **words)  # fmt: skip
    half = ridge / 2
    ax.annotate(f"memory: {bandwidth:.0f} GB a second", (half, bandwidth * half), xytext=(-8, 6),
                ha="right", **words)  # fmt: skip
    for k, (label, (xs, ys)) in enumerate(points.items()):
        look = {"color": PALETTE[k % len(PALETTE)], "linestyle": DASHES[k % len(DASHES)]}
        ax.plot(np.atleast_1d(xs), np.atleast_1d(ys), marker=MARKERS[k % len(MARKERS)],
                markersize=8, linewidth=1.5, label=label, **look)  # fmt: skip
    ax.axvline(ridge, color=GREY, linestyle=":", linewidth=1.2)
    ax.set_xscale("log", base=2)
    ax.set_yscale("log", base=2)
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter("{x:g}")
    ax.set(xlabel="operations per byte of weights", ylabel="10⁹ operations a second",
           xlim=(left, right), ylim=ylim)  # fmt: skip
    ax.legend(loc="lower right")
    return fig
