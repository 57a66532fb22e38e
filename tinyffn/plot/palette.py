"""How every figure of the course looks. Nothing is changed at import: the style is a context.

The colours are those of Okabe and Ito, which people with any of the common kinds of colour
blindness can tell apart. Each comes with a line style of its own, so that no meaning rests on
colour alone; magnitudes use cividis, which also survives a print in grey.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import matplotlib
from cycler import cycler
from matplotlib.figure import Figure

BLUE = "#0072B2"
VERMILLION = "#D55E00"
GREEN = "#009E73"
PURPLE = "#CC79A7"
ORANGE = "#E69F00"
SKY = "#56B4E9"
BLACK = "#000000"
YELLOW = "#F0E442"  # too pale for a thin line on white: for areas, with a dark edge
GREY = "#767676"  # grids, axes, and whatever is there only to compare with

PALETTE = (BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY, BLACK)
DASHES = ("-", "--", "-.", ":", (0, (6, 1, 1, 1, 1, 1)), (0, (8, 3)), (0, (1, 2)))
COLORMAP = "cividis"

# Letters of 13 points on a figure eight inches wide can still be read at half that size.
SETTINGS = {
    "axes.edgecolor": GREY,
    "axes.grid": True,
    "axes.prop_cycle": cycler(color=PALETTE) + cycler(linestyle=DASHES),
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlesize": 14,
    "figure.facecolor": "#FFFFFF",
    "font.size": 13,
    "grid.alpha": 0.3,
    "grid.color": GREY,
    "image.cmap": COLORMAP,
    "legend.edgecolor": GREY,
    "legend.frameon": False,
    "lines.linewidth": 2.2,
    "lines.markersize": 7,
}


@contextmanager
def style() -> Iterator[None]:
    """Draw in the style of the course: `with style(): ...`, or `@style()` above a function.

    Matplotlib keeps its settings for the whole process; they are put back on the way out.
    """
    with matplotlib.rc_context():
        matplotlib.rcdefaults()  # a reader's own settings must not change what a lesson shows
        matplotlib.rcParams.update(SETTINGS)
        yield


@style()
def figure(
    rows: int = 1, columns: int = 1, *, width: float = 8.0, height: float = 4.0, **subplots: Any
) -> tuple[Figure, Any]:
    """A new Figure, and its axes: one, or an array of them if there is more than one.

    Sizes are in inches. Further settings go to `Figure.subplots` (for example `sharey=True`).
    """
    fig = Figure(figsize=(width, height), layout="constrained")
    return fig, fig.subplots(rows, columns, **subplots)


@style()
def panels(n: int, *, columns: int, size: float, title: float = 0.3) -> tuple[Figure, list[Any]]:
    """A new Figure with `n` square panels of `size` inches, in rows of `columns`, and their axes.

    `title` is the room above each row, in inches.
    """
    columns = min(columns, n)
    rows = -(-n // columns)
    fig, axes = figure(
        rows, columns, width=size * columns, height=(size + title) * rows, squeeze=False
    )
    for ax in axes.flat[n:]:
        ax.remove()
    return fig, list(axes.flat[:n])
