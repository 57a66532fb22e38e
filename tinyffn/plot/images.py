"""Arrays as pictures, side by side."""

from collections.abc import Iterable, Mapping

import numpy as np
from matplotlib.figure import Figure

from tinyffn.plot.palette import COLORMAP, panels, style


@style()
def images(
    pictures: Mapping[str, np.ndarray] | Iterable[tuple[object, np.ndarray]],
    *,
    columns: int = 4,
    size: float = 2.0,
    scale: str = "",
    low: float | None = None,
    high: float | None = None,
) -> Figure:
    """A grid of pictures, from left to right and from top to bottom, all on one scale of colours.

    pictures     {title: array (rows, columns)}, or pairs (title, array) where titles come twice;
                 dark is low, bright is high; what is not finite stays white
    scale        what the numbers are; with it, a colour bar is drawn
    low, high    the ends of the scale; by default the lowest and the highest number shown
    """
    pairs = list(pictures.items() if isinstance(pictures, Mapping) else pictures)
    if not pairs or any(np.ndim(array) != 2 for _, array in pairs):
        raise ValueError("images: pictures must hold one array or more, each (rows, columns)")
    shown = np.concatenate([np.ravel(array) for _, array in pairs])
    shown = shown[np.isfinite(shown)]
    if shown.size == 0:
        raise ValueError("images: there is no finite number in the pictures")
    fig, axes = panels(len(pairs), columns=columns, size=size)
    ends = {
        "vmin": float(shown.min()) if low is None else low,
        "vmax": float(shown.max()) if high is None else high,
    }
    for ax, (title, array) in zip(axes, pairs, strict=True):
        drawn = ax.imshow(array, cmap=COLORMAP, **ends)
        ax.set_title(str(title), fontsize=12)
        ax.set(xticks=[], yticks=[])
    if scale:
        fig.colorbar(drawn, ax=axes, label=scale, shrink=0.8)
    return fig
