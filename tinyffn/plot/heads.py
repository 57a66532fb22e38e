"""Which position has to do with which: square maps of attention, of gradients, of leaks."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from tinyffn.plot.palette import COLORMAP, VERMILLION, panels, style


@style()
def position_maps(
    maps: Mapping[str, np.ndarray],
    *,
    tokens: Sequence[str] | None = None,
    leaks: Mapping[str, np.ndarray] | None = None,
    x: str = "position that is read",
    y: str = "position that reads",
    scale: str = "",
    high: float | None = None,
    columns: int = 4,
    size: float = 2.8,
) -> Figure:
    """Square maps, a row for each position that reads, a column for each that is read.

    maps         {title: array (T, T)}, none negative; dark is little, bright is much, and what is
                 exactly 0 stays white
    tokens       T words or characters to write at the axes, instead of numbers
    leaks        {title: boolean array (T, T)}: cells to mark with a cross
    scale        what the numbers are; with it, a colour bar is drawn
    high         the upper end of the scale; by default the highest number shown
    """
    squares = {title: np.asarray(array, float) for title, array in maps.items()}
    T = next(iter(squares.values())).shape[-1] if squares else 0
    if T == 0 or any(a.shape != (T, T) or not np.all(a >= 0) for a in squares.values()):
        raise ValueError("position_maps: maps must hold arrays (T, T), none of them negative")
    if tokens is not None and len(tokens) != T:
        raise ValueError(f"position_maps: {len(tokens)} tokens do not fit {T} positions")
    top = max(a.max() for a in squares.values()) if high is None else high
    fig, axes = panels(len(squares), columns=columns, size=size)
    for ax, (title, array) in zip(axes, squares.items(), strict=True):
        ax.imshow(np.where(array == 0, np.nan, array), cmap=COLORMAP, vmin=0, vmax=top)
        ax.set_title(title, fontsize=12)
        ax.grid(visible=False)
        reads, read = np.nonzero((leaks or {}).get(title, np.zeros((T, T), bool)))
        ax.plot(read, reads, "x", color=VERMILLION, markersize=60 * size / 2.8 / T, mew=2.5)
        if tokens is not None:
            ax.set_xticks(range(T), tokens, fontsize=9)
            ax.set_yticks(range(T), tokens, fontsize=9)
            ax.tick_params(length=0)
        else:
            ax.locator_params(integer=True, nbins=5)
            ax.tick_params(labelsize=10)
    fig.supxlabel(x, fontsize=12)
    fig.supylabel(y, fontsize=12)
    if scale:
        fig.colorbar(axes[0].images[0], ax=axes, label=scale, shrink=0.8)
    return fig
