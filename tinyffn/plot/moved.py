"""What an edit of a memory does to other keys, where keys have two numbers."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from tinyffn.plot.palette import BLACK, COLORMAP, GREY, VERMILLION, panels, style


@style()
def moved(
    keys: Any,
    key: Any,
    directions: Mapping[str, Any],
    *,
    x: str = "first number of the key",
    y: str = "second number",
    size: float = 3.7,
) -> Figure:
    """Keys as dots; the more an edit at one key moves the answer to a dot, the larger and brighter.

    An edit adds to the answer at a key q a share (a·q) / (a·key) of what it adds at the key itself.
    Keys on the line a·q = 0 do not move. The arrow shows a, with the key's length.

    keys         (n, 2): the dots
    key          (2): the key that is edited, drawn as a star
    directions   {title: a (2)}, one panel each
    x, y         what the two numbers are
    """
    keys, key = np.asarray(keys, float), np.asarray(key, float)
    if keys.ndim != 2 or keys.shape[1] != 2 or key.shape != (2,):
        raise ValueError(f"moved: keys {keys.shape} and key {key.shape} must be (n, 2) and (2,)")
    fig, axes = panels(len(directions), columns=3, size=size)
    reach = 1.15 * max(np.abs(keys).max(), np.abs(key).max())
    for ax, (title, a) in zip(axes, directions.items(), strict=True):
        a = np.asarray(a, float)
        if a.shape != (2,) or a @ key == 0:
            raise ValueError(f"moved: the direction {title!r} must be two numbers, a·key not 0")
        share = np.abs(keys @ a / (a @ key))
        drawn = ax.scatter(
            *keys.T, c=share, s=10 + 70 * np.minimum(share, 1), cmap=COLORMAP, vmin=0, vmax=1,
            edgecolor=GREY, linewidth=0.5,
        )  # fmt: skip
        a = a / np.hypot(*a)
        still = np.outer([-2 * reach, 2 * reach], [-a[1], a[0]])
        ax.plot(*still.T, color=BLACK, linestyle="--", linewidth=1.2, label="does not move")
        tip = a * np.hypot(*key)
        ax.annotate("", tip, (0, 0), arrowprops={"arrowstyle": "-|>", "lw": 2.5, "color": BLACK})
        ax.plot(*key, "*", color=VERMILLION, markersize=20, markeredgecolor=BLACK, zorder=5)
        ax.set(xlim=(-reach, reach), ylim=(-reach, reach), aspect="equal")
        ax.set_title(title, fontsize=12)
        ax.locator_params(nbins=4)
    axes[0].legend(loc="lower left", fontsize=10)
    fig.supxlabel(x, fontsize=12)
    fig.supylabel(y, fontsize=12)
    fig.colorbar(drawn, ax=axes, label="share of the edit that arrives", shrink=0.8)
    return fig
