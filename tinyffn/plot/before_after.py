"""Many things measured twice: before something was done, and after it."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from tinyffn.plot.palette import BLACK, GREY, PALETTE, figure, style

MARKERS = ("o", "s", "*", "D", "v")
SIZES = (4, 5, 18, 6, 7)


@style()
def before_after(
    pictures: Mapping[str, Mapping[str, tuple[Any, Any]]],
    *,
    x: str,
    y: str,
    below: str = "",
    size: float = 3.7,
) -> Figure:
    """A dot for each thing: to the right what it was before, upward what it is after.

    Dots on the grey line have not changed. Where both numbers have a sign that means something,
    `below` names what has happened to the dots in the lower half, which is tinted.

    pictures     {title: {label: (before (n), after (n))}}, all on one scale
    x, y         what was measured before and after, with the unit in brackets
    """
    for label, both in (pair for named in pictures.values() for pair in named.items()):
        if np.shape(both[0]) != np.shape(both[1]):
            raise ValueError(
                f"before_after: {label!r} has {np.shape(both[0])} numbers before and "
                f"{np.shape(both[1])} after, but must have as many"
            )
    n = len(pictures)
    numbers = [np.asarray(both, float) for named in pictures.values() for both in named.values()]
    ends = [_with_margin([both[k] for both in numbers]) for k in (0, 1)]
    fig, axes = figure(1, n, width=size * n + 1.6, height=size, squeeze=False)  # and the legend
    for ax, (title, named) in zip(axes[0], pictures.items(), strict=True):
        ax.axline((0, 0), slope=1, color=GREY, linestyle="-", linewidth=1.2)
        for k, (label, (before, after)) in enumerate(named.items()):
            ax.plot(
                before, after, MARKERS[k % len(MARKERS)], color=PALETTE[k % len(PALETTE)],
                markersize=SIZES[k % len(SIZES)], markeredgecolor=BLACK, mew=0.4, label=label,
            )  # fmt: skip
        ax.set(xlim=ends[0], ylim=ends[1])
        if below:
            ax.axhspan(ends[1][0], 0, color=GREY, alpha=0.15, linewidth=0)
            ax.text(ends[0][0], ends[1][0], f" {below}", ha="left", va="bottom", fontsize=11)
        ax.set_title(title, fontsize=12)
        ax.locator_params(nbins=5)
    fig.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside right center")
    fig.supxlabel(x, fontsize=12)
    fig.supylabel(y, fontsize=12)
    return fig


def _with_margin(rows: Sequence[np.ndarray]) -> tuple[float, float]:
    """The lowest and the highest of all numbers, with a little room."""
    every = np.concatenate([np.ravel(row) for row in rows])
    margin = 0.06 * np.ptp(every) or 1.0
    return float(every.min() - margin), float(every.max() + margin)
