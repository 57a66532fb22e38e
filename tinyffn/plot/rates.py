"""What is lost against the bits that are spent: schemes as points, laws as lines."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullLocator

from tinyffn.plot.curves import MARKERS
from tinyffn.plot.palette import BLACK, DASHES, GREY, PALETTE, figure, style


@style()
def rates(
    schemes: Mapping[str, Sequence[tuple[str, float, float]]],
    *,
    laws: Mapping[str, tuple[Any, Any]] | None = None,
    x: str = "bits for each weight",
    y: str = "error (percent)",
    width: float = 8.5,
    height: float = 5.0,
) -> Figure:
    """A mark for each setting of each scheme, with its name, on a logarithmic y axis.

    schemes      {label: [(name of the setting, x, y), ...]}; the marks of a label are joined; an
                 empty name is not written, as where marks of two schemes lie close together
    laws         {label: (x values, y values)}: grey lines, such as what no scheme can beat, each
                 with its name below it
    """
    if not schemes or any(len(settings) == 0 for settings in schemes.values()):
        raise ValueError(
            "rates: schemes must hold {label: [(name, x, y), ...]}, none of them empty"
        )
    for label, settings in schemes.items():
        if not all(np.isfinite(at) and value > 0 for _, at, value in settings):
            raise ValueError(f"rates: {label!r} needs numbers, and each y above 0, to be drawn")
    fig, ax = figure(width=width, height=height)
    for k, (label, (xs, ys)) in enumerate((laws or {}).items()):
        dash = DASHES[1 + k % (len(DASHES) - 1)]
        ax.plot(xs, ys, color=GREY, linestyle=dash, zorder=1)
        _name_of_law(ax, label, xs, ys)
    for k, (label, settings) in enumerate(schemes.items()):
        names, xs, ys = zip(*settings, strict=True)
        color = PALETTE[k % len(PALETTE)]
        look = {"color": color, "marker": MARKERS[k % len(MARKERS)], "markersize": 9}
        ax.plot(xs, ys, linestyle="-", linewidth=1, markeredgecolor=BLACK, label=label, **look)
        for name, *point in zip(names, xs, ys, strict=True):
            place = {"xytext": (7, 5), "textcoords": "offset points", "fontsize": 11}
            ax.annotate(name, point, **place)
    ax.set_yscale("log")
    ax.margins(y=0.08)  # so that the name of the highest mark stands below the edge
    ax.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    ax.yaxis.set_minor_locator(NullLocator())
    ax.yaxis.set_major_formatter("{x:g}")
    ax.set(xlabel=x, ylabel=y)
    ax.legend(fontsize=12)
    return fig


def _name_of_law(ax: Any, label: str, xs: Any, ys: Any) -> None:
    """Write the name of a line just below it and along it, around the middle of its points."""
    k, below = len(xs) // 2, 0.87
    slope = below * ys[k] * np.log(ys[k] / ys[k - 1]) / (xs[k] - xs[k - 1])  # y is logarithmic
    place = {"rotation": np.degrees(np.arctan(slope)), "rotation_mode": "anchor"}
    place |= {"transform_rotates_text": True, "ha": "center", "va": "top"}
    ax.text(xs[k], below * ys[k], label, color=GREY, fontsize=11, **place)
