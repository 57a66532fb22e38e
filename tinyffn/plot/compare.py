"""A picture of an answer beside the answer that was expected."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

MAX_SIDE = 32  # of each array no more rows and columns than this are drawn
LARGEST = 1e300  # matplotlib subtracts the ends of a scale, which must not overflow


def draw_difference(got: np.ndarray, want: np.ndarray, tolerance: float = 1e-6) -> Figure:
    """Two grids on one scale of colours, with a cross on each entry of `got` that differs.

    Arrays of numbers, with any number of axes: the last one runs to the right, all others together
    downwards, with a line wherever the last but one begins anew. Of a large array the part around
    the first difference is drawn. Where the shapes differ there are no crosses, since no entry has
    a partner.
    """
    differs = np.zeros(_table(got).shape, dtype=bool)
    if got.shape == want.shape and got.size:
        same = np.isclose(got, want, rtol=tolerance, atol=tolerance, equal_nan=True)
        differs = ~_table(same)
    row, column = np.argwhere(differs)[0] if differs.any() else (0, 0)
    part = tuple(_around(*place) for place in zip((row, column), differs.shape, strict=True))
    tables = [_table(_real(got)), _table(_real(want))]
    finite = np.concatenate([table[part][np.isfinite(table[part])] for table in tables])
    low, high = (finite.min(), finite.max()) if finite.size else (0.0, 1.0)
    high = high if high > low else low + 1.0
    is_flat = max(len(table) for table in tables) == 1
    figure = Figure(figsize=(5.0, 1.0 if is_flat else 2.2), layout="constrained")
    axes = figure.subplots(1, 2)
    for ax, table, array, title in zip(axes, tables, (got, want), ("yours", "target"), strict=True):
        sides = table[part].shape
        shape = "auto" if max(sides) > 4 * min(sides) else "equal"
        ax.imshow(table[part], cmap="cividis", vmin=low, vmax=high, aspect=shape)
        ax.set_title(f"{title}, shape {array.shape}", fontsize=9)
        ax.set(xticks=[], yticks=[])
        _say_what_is_cut(ax, part, table.shape)
        if array.ndim > 2:
            for edge in range(array.shape[-2], len(table), array.shape[-2]):
                if 0 < edge - part[0].start < sides[0]:
                    ax.axhline(edge - part[0].start - 0.5, color="white", linewidth=2)
    figure.colorbar(axes[0].images[0], ax=axes, shrink=0.8)
    rows, columns = np.nonzero(differs[part])
    axes[0].scatter(columns, rows, marker="x", c="white", s=40, linewidths=3)
    axes[0].scatter(columns, rows, marker="x", c="black", s=30, linewidths=1.2)
    return figure


def _real(array: np.ndarray) -> np.ndarray:
    """The array as real numbers that a scale of colours can hold; what is infinite stays white."""
    real = np.asarray(np.abs(array) if np.iscomplexobj(array) else array, dtype=float)
    return np.where(np.isfinite(real), np.clip(real, -LARGEST, LARGEST), np.nan)


def _table(array: np.ndarray) -> np.ndarray:
    """The array with two axes; one without entries becomes a single empty place."""
    last = array.shape[-1] if array.ndim else 1
    return array.reshape(-1, last) if array.size else np.full((1, 1), np.nan)


def _around(place: int, size: int) -> slice:
    """At most MAX_SIDE places out of `size`, with `place` among them."""
    start = min(max(int(place) - MAX_SIDE // 2, 0), max(size - MAX_SIDE, 0))
    return slice(start, start + MAX_SIDE)


def _say_what_is_cut(ax: Axes, part: tuple[slice, ...], sizes: tuple[int, ...]) -> None:
    cut = [
        f"{name} {piece.start} to {min(piece.stop, size) - 1} of {size}"
        for name, piece, size in zip(("rows", "columns"), part, sizes, strict=True)
        if size > MAX_SIDE
    ]
    ax.set_xlabel("\n".join(cut), fontsize=8)
