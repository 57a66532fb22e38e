"""Arrays as pictures, side by side."""

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure

from tinyffn.plot.palette import COLORMAP, panels, style


@style()
def images(
    pictures: Mapping[str, np.ndarray],
    *,
    columns: int = 4,
    size: float = 2.0,
    scale: str = "",
    low: float | None = None,
    high: float | None = None,
) -> Figure:
    """A grid of pictures, from left to right and from top to bottom, all on one scale of colours.

    pictures     {title: array (rows, columns)}; dark is low, bright is high; what is not finite
                 stays white
    scale        what the numbers are; with it, a colour bar is drawn
    low, high    the ends of the scale; by default the lowest and the highest number shown
    """
    if not pictures or any(np.ndim(array) != 2 for array in pictures.values()):
        raise ValueError("images: pictures must hold one array or more, each (rows, columns)")
    shown = np.concatenate([np.ravel(array) for array in pictures.values()])
    shown = shown[np.isfinite(shown)]
    if shown.size == 0:
        raise ValueError("images: there is no finite number in the pictures")
    fig, axes = panels(len(pictures), columns=columns, size=size)
    ends = {
        "vmin": float(shown.min()) if low is None else low,
        "vmax": float(shown.max()) if high is None else high,
    }
    for ax, (title, array) in zip(axes, pictures.items(), strict=True):
        drawn = ax.imshow(array, cmap=COLORMAP, **ends)
        ax.set_title(title, fontsize=12)
        ax.set(xticks=[], yticks=[])
    if scale:
        fig.colorbar(drawn, ax=axes, label=scale, shrink=0.8)
    return fig
