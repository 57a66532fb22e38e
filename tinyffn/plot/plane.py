"""The plane: what a map does to a square grid, and how high a function is at each point."""

from collections.abc import Callable, Mapping

import numpy as np
from matplotlib.figure import Figure

from tinyffn.plot.palette import (
    BLACK,
    BLUE,
    COLORMAP,
    ORANGE,
    SKY,
    VERMILLION,
    YELLOW,
    panels,
    style,
)

EDGE = {"markeredgecolor": BLACK, "linestyle": "none", "markersize": 9}
CLASSES = ({"marker": "o", "color": SKY}, {"marker": "^", "color": ORANGE})


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
    if not maps:
        raise ValueError("warped_grid: maps is empty: give {title: function from (n, 2) to (n, 2)}")
    fig, axes = panels(len(maps), columns=columns, size=size)
    fig.set_layout_engine("constrained", hspace=0.06, wspace=0.03)
    along = np.linspace(-1, 1, 401)
    for ax, (title, f) in zip(axes, maps.items(), strict=True):
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
    fig.supxlabel("first number", fontsize=12)
    fig.supylabel("second number", fontsize=12)
    return fig


@style()
def plane_map(
    functions: Mapping[str, Callable[[np.ndarray], np.ndarray]],
    *,
    points: np.ndarray | None = None,
    labels: np.ndarray | None = None,
    low: float = -1.0,
    high: float = 1.0,
    level: float | None = None,
    x: str = "first number",
    y: str = "second number",
    scale: str = "",
    ends: tuple[float, float] | None = None,
    columns: int = 4,
    size: float = 2.7,
) -> Figure:
    """Functions on a square, one map each on one scale of colours, with points on top.

    functions    {title: function from (n, 2) to (n)}
    points       (n, 2) to mark: discs where labels are 0, triangles where they are 1
    low, high    the square runs from `low` to `high` in both directions
    level        draw the line on which the function has this value (a border between classes)
    x, y         what the two numbers are
    scale        what the heights are; with it, a colour bar is drawn
    ends         the ends of the scale; by default the lowest and the highest number shown
    """
    if not functions:
        raise ValueError("plane_map: functions is empty: give {title: function from (n, 2) to (n)}")
    points = np.zeros((0, 2)) if points is None else np.asarray(points)
    kinds = np.zeros(len(points), int) if labels is None else np.asarray(labels)
    if kinds.shape != points.shape[:1] or not np.isin(kinds, (0, 1)).all():
        raise ValueError(
            f"plane_map: labels are {labels!r:.60}, but must be 0 or 1, one for each of the "
            f"{len(points)} points"
        )
    fig, axes = panels(len(functions), columns=columns, size=size)
    along = np.linspace(low, high, 121)
    across = np.stack(np.meshgrid(along, along), axis=-1)  # across[i, j] is (along[j], along[i])
    heights = [np.reshape(f(across.reshape(-1, 2)), (121, 121)) for f in functions.values()]
    bottom, top = ends or (min(h.min() for h in heights), max(h.max() for h in heights))
    for ax, title, height in zip(axes, functions, heights, strict=True):
        drawn = ax.imshow(
            height,
            origin="lower",
            extent=(low, high, low, high),
            cmap=COLORMAP,
            vmin=bottom,
            vmax=top,
        )
        if level is not None and height.min() < level < height.max():
            ax.contour(along, along, height, levels=[level], colors=[BLACK], linewidths=2)
        for kind, mark in enumerate(CLASSES):
            ax.plot(*points[kinds == kind].T, **mark, **EDGE)
        ax.set_title(title, fontsize=12)
        ax.grid(visible=False)
        ax.locator_params(nbins=3)
        ax.tick_params(labelsize=10)
    fig.supxlabel(x, fontsize=12)
    fig.supylabel(y, fontsize=12)
    if scale:
        fig.colorbar(drawn, ax=axes, label=scale, shrink=0.8)
    return fig
