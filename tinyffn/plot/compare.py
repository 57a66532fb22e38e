"""A picture of an answer beside the answer that was expected."""

import numpy as np
from matplotlib.figure import Figure

MAX_SIDE = 32  # of each array no more rows and columns than this are drawn


def draw_difference(got: np.ndarray, want: np.ndarray, tolerance: float = 1e-6) -> Figure:
    """Two grids on one scale of colours, with a cross on each entry of `got` that differs.

    Arrays of any number of axes: the last one runs to the right, all others together downwards.
    Where the shapes differ there are no crosses, since no entry has a partner.
    """
    grids = [_grid(got), _grid(want)]
    finite = np.concatenate([grid[np.isfinite(grid)] for grid in grids])
    low, high = (finite.min(), finite.max()) if finite.size else (0.0, 1.0)
    figure = Figure(figsize=(5.0, 2.2), layout="constrained")
    axes = figure.subplots(1, 2)
    for ax, grid, array, title in zip(axes, grids, (got, want), ("yours", "target"), strict=True):
        image = ax.imshow(grid, cmap="cividis", vmin=low, vmax=high)
        ax.set_title(f"{title}, shape {array.shape}", fontsize=9)
        ax.set_xticks([])
        ax.set_yticks([])
    figure.colorbar(image, ax=axes, shrink=0.8)
    if got.shape == want.shape:
        differs = ~np.isclose(*grids, rtol=tolerance, atol=tolerance, equal_nan=True)
        rows, columns = np.nonzero(differs)
        axes[0].scatter(columns, rows, marker="x", c="white", s=40, linewidths=3)
        axes[0].scatter(columns, rows, marker="x", c="black", s=30, linewidths=1.2)
    return figure


def _grid(array: np.ndarray) -> np.ndarray:
    """The array as a table of real numbers, cut to a size that can be seen."""
    real = np.abs(array) if np.iscomplexobj(array) else np.asarray(array, dtype=float)
    last = real.shape[-1] if real.ndim else 1
    table = real.reshape(-1, last) if real.size else np.full((1, 1), np.nan)
    return table[:MAX_SIDE, :MAX_SIDE]
