"""Many features in few numbers: the vector of each, and how much they disturb one another."""

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure

from tinyffn.plot.palette import BLUE, COLORMAP, GREY, VERMILLION, figure, style

SMALL = 0.5  # shorter vectors are drawn as not represented


@style()
def features(vectors: Mapping[str, np.ndarray], *, size: float = 2.2) -> Figure:
    """Above, vectors in the plane, each with its number; below, all their products w_i · w_j.

    vectors      {title: w (n, 2)}, a row for each feature; a single w has its panels side by side

    A vector shorter than 1/2 is dotted: its feature is hardly represented. In the square below, the
    diagonal says how strongly each feature comes back, all else is what it adds to another one.
    """
    arrays = {title: np.asarray(w, float) for title, w in vectors.items()}
    if not arrays or any(w.ndim != 2 or w.shape[1] != 2 for w in arrays.values()):
        raise ValueError("features: vectors must hold {title: w (n, 2)}, a row for each feature")
    n = len(arrays)
    if n > 1:
        fig, axes = figure(2, n, width=size * n + 0.9, height=2 * size + 0.5)
        axes = axes.T
    else:
        fig, axes = figure(1, 2, width=2 * size + 0.9, height=size + 0.3, squeeze=False)
    reach = max(1.0, max(np.hypot(*w.T).max() for w in arrays.values()))
    highest = max(np.abs(w @ w.T).max() for w in arrays.values())
    for (above, below), (title, w) in zip(axes, arrays.items(), strict=True):
        for i, (x, y) in enumerate(w, start=1):
            there = np.hypot(x, y) >= SMALL
            color, dash = (BLUE, "-") if there else (VERMILLION, ":")
            above.plot([0, x], [0, y], color=color, linestyle=dash, linewidth=2.5)
            above.plot(x, y, marker="o", color=color, markersize=6)
            away = np.array([x, y]) * (1 + 0.3 * reach / max(np.hypot(x, y), 1e-9))
            if there:
                above.text(*away, str(i), ha="center", va="center", fontsize=12)
        above.plot(0, 0, marker="+", color=GREY, markersize=10)
        limits = (-1.45 * reach, 1.45 * reach)
        above.set(xlim=limits, ylim=limits, aspect="equal", xticks=[], yticks=[])
        above.set_title(title, fontsize=12)
        drawn = below.imshow(w @ w.T, cmap=COLORMAP, vmin=-highest, vmax=highest)
        places = range(len(w))
        below.set_xticks(places, [str(i + 1) for i in places], fontsize=10)
        below.set_yticks(places, [str(i + 1) for i in places], fontsize=10)
        below.grid(visible=False)
    fig.colorbar(drawn, ax=axes[:, 1], label="product of two vectors", shrink=0.9)
    return fig
