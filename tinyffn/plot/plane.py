"""What a map does to the plane: a square grid before, and the same grid after."""

from collections.abc import Callable, Mapping

import numpy as np
from matplotlib.figure import Figure

from tinyffn.plot.palette import BLACK, BLUE, VERMILLION, YELLOW, figure, style


@style()
def warped_grid(
    maps: Mapping[str, Callable[[np.ndarray], np.ndarray]],
    *,
    squares: int = 8,
    columns: int = 4,
    size: float = 2.7,
) -> Figure:
    """The grid on the square from -1 to 1, as each map leaves it.

    maps      {title: function from (n, 2) to (n, 2)}, one panel each
    squares   how many squares the grid has in each direction

    Lines that ran from left to right are solid and blue, those that ran upwards dashed and
    vermillion; one corner is marked, so that a turn or a mirror image can be seen.
    """
    rows = -(-len(maps) // columns)
    fig, axes = figure(rows, columns, width=size * columns, height=size * rows * 1.1, squeeze=False)
    fig.set_layout_engine("constrained", hspace=0.06, wspace=0.03)
    along = np.linspace(-1, 1, 401)
    for ax, (title, f) in zip(axes.flat, maps.items(), strict=False):
        for at in np.linspace(-1, 1, squares + 1):
            level = np.full_like(along, at)
            for points, color, dash in [
                (np.stack([along, level], axis=1), BLUE, "-"),
                (np.stack([level, along], axis=1), VERMILLION, (0, (4, 1.5))),
            ]:
                ax.plot(*f(points).T, color=color, linestyle=dash, linewidth=1.4)
        corner = f(np.array([[1.0, 1.0]]))
        ax.plot(*corner.T, marker="o", color=YELLOW, markeredgecolor=BLACK)
        ax.set_title(title)
        ax.set_aspect("equal", adjustable="datalim")
        ax.locator_params(nbins=4)
        ax.tick_params(labelsize=10)
    for ax in list(axes.flat)[len(maps) :]:
        ax.remove()
    fig.supxlabel("first number", fontsize=12)
    fig.supylabel("second number", fontsize=12)
    return fig
