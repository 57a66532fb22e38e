"""Several things measured on each of several arms, over seeds, on one scale."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from tinyffn.plot.palette import BLACK, GREY, PALETTE, figure, style

MARKERS = ("o", "s", "^", "D", "v", "P", "X")


@style()
def dots(
    rows: Mapping[str, Mapping[str, Sequence[float]]],
    *,
    x: str,
    width: float = 9.0,
    height: float | None = None,
) -> Figure:
    """One row for each arm, in it one mark for each thing measured: the mean over seeds.

    A line through a mark runs from the lowest seed to the highest.

    rows    {arm: {label: the value of each seed}}, drawn from top to bottom; a label has one colour
            and one mark in all rows
    x       what the values are, with the unit in brackets
    """
    labels = list(dict.fromkeys(label for measured in rows.values() for label in measured))
    if not labels:
        raise ValueError("dots: rows is empty: give {arm: {label: [a value a seed]}}")
    fig, ax = figure(width=width, height=height or 1.3 + 0.5 * len(rows))
    spread = np.linspace(-0.27, 0.27, len(labels)) if len(labels) > 1 else np.zeros(1)
    for row, (arm, measured) in enumerate(rows.items()):
        for label, seeds in measured.items():
            if len(seeds) == 0 or not np.isfinite(seeds).all():
                raise ValueError(f"dots: {label!r} of {arm!r} is {list(seeds)}: it must be numbers")
            k = labels.index(label)
            at, color = row + spread[k], PALETTE[k % len(PALETTE)]
            ax.plot([min(seeds), max(seeds)], [at, at], color=color, linestyle="-", linewidth=2)
            ax.plot(
                np.mean(seeds), at, MARKERS[k % len(MARKERS)], color=color, markersize=9,
                markeredgecolor=BLACK, mew=0.6, clip_on=False,
            )  # fmt: skip
    for k, label in enumerate(labels):  # the legend, in the order of the labels
        ax.plot([], [], MARKERS[k % len(MARKERS)], color=PALETTE[k % len(PALETTE)], label=label)
    for row in range(1, len(rows)):
        ax.axhline(row - 0.5, color=GREY, linestyle="-", linewidth=0.5, alpha=0.5)
    ax.set(xlabel=x, yticks=range(len(rows)), yticklabels=list(rows))
    ax.set_ylim(len(rows) - 0.5, -0.5)
    ax.grid(axis="y", visible=False)
    fig.legend(loc="outside upper center", ncols=3)
    return fig
