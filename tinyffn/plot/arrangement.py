"""Borders of ReLUs in the plane, and the regions between them, numbered."""

from collections.abc import Callable

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from tinyffn.plot.palette import BLACK, COLORMAP, figure, style
from tinyffn.studies.regions import must_be_lines

GRID = 400  # places a side that are asked in which region they lie


@style()
def regions(
    w: np.ndarray,
    b: np.ndarray,
    *,
    center: tuple[float, float] = (0.0, 0.0),
    half: float = 1.0,
    title: str = "",
    name: Callable[[np.ndarray], str] | None = None,
    x: str = "first number",
    y: str = "second number",
    scale: str = "ReLUs that are on",
    width: float = 7.0,
) -> Figure:
    """A square of the plane, cut by the lines on which the inputs of ReLUs are zero.

    w, b     (2, n) and (n): ReLU i switches where w_0i x + w_1i y + b_i = 0
    center   the middle of the square, and `half` half its side
    name     function from which ReLUs are on (n), True or False, to the name of their region; by
             default regions are numbered from the top, row by row
    x, y     what the two numbers are; scale: what is counted by the colours

    Each region that a place of a fine grid falls into is named; its colour says how many ReLUs are
    on in it.
    """
    w, b = must_be_lines("regions", w, b)
    left, right = center[0] - half, center[0] + half
    low, high = center[1] - half, center[1] + half
    across, up = np.meshgrid(np.linspace(left, right, GRID), np.linspace(high, low, GRID))
    z = np.stack([across.ravel(), up.ravel()], axis=1) @ w + b
    fig, ax = figure(width=width, height=0.86 * width)
    drawn = ax.imshow(
        (z > 0).sum(axis=1).reshape(GRID, GRID),
        extent=(left, right, low, high),
        cmap=COLORMAP,
        vmin=0,
        vmax=len(b),
    )
    for line, offset in zip(w.T, b, strict=True):
        if line.any():
            ax.axline(*_two_points(line, offset), color=BLACK, linestyle="-", linewidth=2)
    for number, place in enumerate(_inner_points(across.ravel(), up.ravel(), z, w), start=1):
        text = name(np.array(place) @ w + b > 0) if name else str(number)
        shape = "round,pad=0.2" if name else "circle,pad=0.15"
        label = {"boxstyle": shape, "facecolor": "#FFFFFF", "edgecolor": "none"}
        size = 13 if name else 10
        ax.text(*place, text, ha="center", va="center", fontsize=size, bbox=label)
    ax.set(xlim=(left, right), ylim=(low, high), title=title, xlabel=x, ylabel=y)
    ax.grid(visible=False)
    fig.colorbar(drawn, label=scale, shrink=0.8, ticks=MaxNLocator(integer=True))
    return fig


def _two_points(line, offset):
    """The point of a line that is nearest to 0, and one more."""
    near = -offset * line / (line @ line)
    return near, near + np.array([-line[1], line[0]]) / np.linalg.norm(line)


def _inner_points(x, y, z, w):
    """For each region the place of the grid that is farthest from all lines, from top to bottom."""
    lengths = np.linalg.norm(w, axis=0)
    away = np.abs(z[:, lengths > 0] / lengths[lengths > 0]).min(axis=1, initial=np.inf)
    edge = np.minimum.reduce([x - x.min(), x.max() - x, y - y.min(), y.max() - y])
    away = np.minimum(away, edge)  # so that a number does not stand on the frame
    region = np.zeros(len(z), dtype=int)  # the same number for the same ReLUs on
    for is_on in (z > 0).T:
        region = np.unique(2 * region + is_on, return_inverse=True)[1]
    farthest_first = np.argsort(away)[::-1]
    _, first = np.unique(region[farthest_first], return_index=True)
    points = [(x[place], y[place]) for place in farthest_first[first]]
    return sorted(points, key=lambda point: (-point[1], point[0]))
