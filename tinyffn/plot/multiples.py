"""Small multiples: one small panel for each of several things, all drawn to one scale."""

from collections.abc import Mapping
from typing import Any

from matplotlib.figure import Figure

from tinyffn.plot.palette import BLACK, DASHES, GREY, PALETTE, panels, style


@style()
def multiples(
    curves: Mapping[str, Mapping[str, tuple[Any, Any]]],
    *,
    x: str,
    y: str,
    columns: int = 4,
    size: float = 2.3,
) -> Figure:
    """For each title a panel with a few curves; what has one label looks the same in all panels.

    curves   {title: {label: (x values, y values)}}
    x, y     what the axes show, with the unit in brackets; all panels share them
    """
    if not curves or any(len(lines) == 0 for lines in curves.values()):
        raise ValueError(
            "multiples: curves is empty, or a panel is: give {title: {label: (x values, y values)}}"
        )
    labels = list(dict.fromkeys(label for lines in curves.values() for label in lines))
    if len(labels) > len(PALETTE):
        raise ValueError(
            f"multiples: {len(labels)} labels are more than {len(PALETTE)}, the looks there are: "
            "draw more panels with fewer curves each"
        )
    looks = dict(zip(labels, zip(PALETTE, DASHES, strict=True), strict=False))
    fig, axes = panels(len(curves), columns=columns, size=size)
    drawn = {}
    for ax, (title, lines) in zip(axes, curves.items(), strict=True):
        ax.sharex(axes[0])
        ax.sharey(axes[0])
        ax.axhline(0, color=GREY, linewidth=0.8, linestyle="-")
        for label, (xs, ys) in lines.items():
            color, dash = looks[label]
            (drawn[label],) = ax.plot(xs, ys, color=color, linestyle=dash, label=label)
        ax.set_title(title, fontsize=12, color=BLACK)
        ax.tick_params(labelsize=10)
        ax.locator_params(nbins=5)
    fig.supxlabel(x, fontsize=12)
    fig.supylabel(y, fontsize=12)
    if len(labels) > 1:
        fig.legend(
            drawn.values(), drawn.keys(), loc="outside upper center", ncols=len(labels), fontsize=12
        )
    return fig
