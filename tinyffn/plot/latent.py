"""Latent weights on their way, and the signs that a model computes with meanwhile."""

from typing import Any

import numpy as np
from matplotlib.figure import Figure

from tinyffn.plot.curves import MARKERS
from tinyffn.plot.palette import BLACK, COLORMAP, DASHES, GREY, PALETTE, figure, style


@style()
def latent(path: Any, *, width: float = 9.0, height: float = 5.0) -> Figure:
    """Above, latent weights against the step, a black ring where one crosses 0; below, their signs.

    A sign is a cell, bright for + and dark for -, and 0 counts as +. A latent weight after a step
    stands in the middle of that step's cell.

    path    (n_steps, n): what each of the n latent weights is at each step; 7 of them at most
    """
    path = np.asarray(path, dtype=float)
    if path.ndim != 2 or path.size == 0 or path.shape[1] > len(PALETTE):
        raise ValueError(
            f"latent: path {path.shape} must be (n_steps, n), with n from 1 to {len(PALETTE)}"
        )
    n_steps, n = path.shape
    is_positive = path >= 0
    ratios = {"height_ratios": [5, 0.4 + 0.4 * n]}
    fig, (above, below) = figure(2, 1, width=width, height=height, sharex=True, gridspec_kw=ratios)
    above.axhline(0, color=BLACK, linestyle="-", linewidth=1)
    for i in range(n):
        look = {"color": PALETTE[i], "linestyle": DASHES[i], "marker": MARKERS[i]}
        every = max(1, n_steps // 12)
        above.plot(path[:, i], label=str(i + 1), markevery=(i % every, every), **look)
        (flips,) = np.nonzero(is_positive[1:, i] != is_positive[:-1, i])
        above.plot(flips + 1, path[flips + 1, i], "o", color=BLACK, fillstyle="none",
                   markersize=13, mew=1.8)  # fmt: skip
    above.set(ylabel="latent weight")
    above.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=n, title="weight", fontsize=11,
                 title_fontsize=11)  # fmt: skip
    below.imshow(is_positive.T, cmap=COLORMAP, vmin=-0.4, vmax=1.1, aspect="auto")
    for edge in range(1, n):
        below.axhline(edge - 0.5, color="#FFFFFF", linestyle="-", linewidth=3)
    for step in range(0, n_steps, max(1, n_steps // 24)):
        for i in range(n):
            sign, color = ("+", BLACK) if is_positive[step, i] else ("−", "#FFFFFF")
            below.text(step, i, sign, color=color, ha="center", va="center", fontsize=11)
    below.set(xlabel="step", ylabel="its sign", yticks=range(n), yticklabels=range(1, n + 1))
    fig.align_ylabels()  # else the lower one stands in the row numbers
    below.grid(visible=False)
    below.spines[:].set_color(GREY)
    return fig
