"""A table of single characters, each on a colour that says how much."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from tinyffn.plot.palette import BLACK, COLORMAP, figure, style
from tinyffn.plot.reading import VISIBLE


@style()
def letters(
    rows: Sequence[str],
    values: Any,
    *,
    names: Sequence[str],
    above: str,
    scale: str,
    low: float = 0.0,
    high: float = 1.0,
    width: float = 10.0,
) -> Figure:
    """Rows of characters, drawn from the bottom up, each character in a cell of its own colour.

    rows     strings of T characters
    values   (len(rows), T): dark is low, bright is high
    names    what each row is
    above    T characters that stand over the columns
    scale    what the values are
    """
    values = np.asarray(values, dtype=float)
    if {len(row) for row in rows} != {len(above)} or values.shape != (len(rows), len(above)):
        raise ValueError(
            f"letters: values {values.shape} and rows of {sorted({len(row) for row in rows})} "
            f"characters must be ({len(rows)}, {len(above)}), as many as stand above"
        )
    if len(names) != len(rows):
        raise ValueError(f"letters: {len(names)} names do not fit {len(rows)} rows")
    fig, ax = figure(width=width, height=1.2 + 0.36 * len(rows))
    drawn = ax.imshow(
        values, cmap=COLORMAP, vmin=low, vmax=high, origin="lower", aspect="auto"
    )
    for row, text in enumerate(rows):
        for column, character in enumerate(text):
            is_dark = values[row, column] < (low + high) / 2
            ax.text(
                column, row, VISIBLE.get(character, character), ha="center", va="center",
                color="#FFFFFF" if is_dark else BLACK, family="monospace", fontsize=13,
            )  # fmt: skip
    ax.set(yticks=range(len(rows)), yticklabels=list(names), xticks=range(len(above)))
    ax.set_xticklabels([VISIBLE.get(c, c) for c in above], family="monospace", fontsize=13)
    ax.xaxis.tick_top()
    ax.tick_params(length=0)
    ax.grid(visible=False)
    fig.colorbar(drawn, ax=ax, label=scale, pad=0.02)
    return fig
