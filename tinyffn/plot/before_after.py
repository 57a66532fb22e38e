"""Many things measured twice: before something was done, and after it."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from tinyffn.plot.palette import BLACK, GREY, PALETTE, panels, style

MARKERS = ("o", "s", "*", "D", "v")
SIZES = (4, 5, 18, 6, 7)


@style()
def before_after(
    pictures: Mapping[str, Mapping[str, tuple[Any, Any]]],
    *,
    x: str,
    y: str,
    below: str = "",
    columns: int = 3,
    size: float = 3.7,
) -> Figure:
    """A dot for each thing: to the right what it was before, upward what it is after.

    Dots on the grey line have not changed. Where both numbers have a sign that means something,
    `below` names what has happened to the dots in the lower half, which is tinted.

    pictures     {title: {label: (before (n), after (n))}}, all on one scale
    x, y         what was measured before and after, with the unit in brackets
    """
    fig, axes = panels(len(pictures), columns=columns, size=size)
    every = [np.ravel(v) for named in pictures.values() for both in named.values() for v in both]
    low, high = min(v.min() for v in every), max(v.max() for v in every)
    margin = 0.06 * (high - low) or 1.0
    ends = np.array([low - margin, high + margin])
    for ax, (title, named) in zip(axes, pictures.items(), strict=True):
        ax.plot(ends, ends, color=GREY, linestyle="-", linewidth=1.2)
        if below:
            ax.axhspan(ends[0], 0, color=GREY, alpha=0.15, linewidth=0)
            ax.text(ends[1], ends[0], f"{below} ", ha="right", va="bottom", fontsize=11)
        for k, (label, (before, after)) in enumerate(named.items()):
            if np.shape(before) != np.shape(after):
                raise ValueError(
                    f"before_after: {label!r} has {np.shape(before)} numbers before and "
                    f"{np.shape(after)} after, but must have as many"
                )
            ax.plot(
                before, after, MARKERS[k % len(MARKERS)], color=PALETTE[k % len(PALETTE)],
                markersize=SIZES[k % len(SIZES)], markeredgecolor=BLACK, mew=0.4, label=label,
            )  # fmt: skip
        ax.set(xlim=ends, ylim=ends, aspect="equal")
        ax.set_title(title, fontsize=12)
        ax.locator_params(nbins=5)
    fig.legend(*axes[0].get_legend_handles_labels(), loc="outside upper center", ncols=3)
    fig.supxlabel(x, fontsize=12)
    fig.supylabel(y, fontsize=12)
    return fig
