"""Which test catches which mistake: a table to look at."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from tinyffn.plot.palette import BLUE, GREY, figure, style


@style()
def verdicts(
    caught: np.ndarray,
    *,
    rows: Sequence[str],
    columns: Sequence[str],
    word: str = "caught",
    width: float = 9.0,
) -> Figure:
    """A grid of boxes; where `caught` is true, the box is filled and says so.

    caught           booleans (n_rows, n_columns)
    rows, columns    what each row and column is called; names of columns may hold line breaks
    word             what a filled box says
    """
    if np.shape(caught) != (len(rows), len(columns)) or not rows or not columns:
        raise ValueError(
            f"verdicts: caught {np.shape(caught)} must have a place for each of the "
            f"{len(rows)} rows and {len(columns)} columns"
        )
    fig, ax = figure(width=width, height=0.9 + 0.5 * len(rows))
    for (row, column), is_caught in np.ndenumerate(np.asarray(caught)):
        face, edge = (BLUE, BLUE) if is_caught else ("none", GREY)
        place = (column - 0.46, row - 0.42)
        ax.add_patch(Rectangle(place, 0.92, 0.84, facecolor=face, edgecolor=edge, linewidth=0.8))
        if is_caught:
            ax.text(column, row, word, color="white", ha="center", va="center", fontsize=12)
    ax.set(xlim=(-0.5, len(columns) - 0.5), ylim=(len(rows) - 0.5, -0.5))
    ax.set(xticks=range(len(columns)), yticks=range(len(rows)))
    ax.set_xticklabels(columns, fontsize=11)
    ax.set_yticklabels(rows)
    ax.tick_params(length=0, labeltop=True, labelbottom=False)
    ax.grid(visible=False)
    for side in ax.spines.values():
        side.set_visible(False)
    return fig
