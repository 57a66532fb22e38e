"""Two weights that are to become whole numbers: where they may land, and what each place costs."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from tinyffn.plot.palette import BLACK, COLORMAP, VERMILLION, panels, style

REACH = 1.75  # how far the square reaches from the weights, in steps of the grid


@style()
def rounding(
    weights: Any,
    second_moment: Any,
    paths: Mapping[str, Sequence[Any]],
    *,
    size: float = 3.8,
) -> Figure:
    """The damage dᵀ C d of each change d of two weights, the places for whole numbers, and ways.

    The darker, the less damage. Dots are pairs of whole numbers, a star marks the weights, arrows
    lead from there. A ring goes through all places that cost as much as the end of the way.

    weights        (2): the two weights, in steps of the grid
    second_moment  (2, 2): C, the mean of x xᵀ over inputs x
    paths          {title: places (2), one after the other}, one panel each
    """
    w, c = np.asarray(weights, float), np.asarray(second_moment, float)
    if w.shape != (2,) or c.shape != (2, 2):
        raise ValueError(
            f"rounding: weights {w.shape} and second_moment {c.shape} must be (2,) and (2, 2)"
        )
    if not paths or any(np.shape(p) != (len(p), 2) or len(p) == 0 for p in paths.values()):
        raise ValueError("rounding: paths must hold {title: places (2), one after the other}")
    fig, axes = panels(len(paths), columns=3, size=size)
    (left, right), (bottom, top) = ((at - REACH, at + REACH) for at in w)
    along, up = np.linspace(left, right, 201), np.linspace(bottom, top, 201)
    d = np.stack(np.meshgrid(along, up), axis=-1) - w
    damage = np.einsum("...i,ij,...j", d, c, d)
    costs = [_damage(places[-1], w, c) for places in paths.values()]
    whole = np.stack(np.meshgrid(*(np.arange(np.ceil(at - REACH), at + REACH) for at in w)), -1)
    for ax, (title, places), cost in zip(axes, paths.items(), costs, strict=True):
        extent = (left, right, bottom, top)
        drawn = ax.imshow(
            damage, origin="lower", extent=extent, cmap=COLORMAP, vmin=0, vmax=3 * max(costs)
        )
        if 0 < cost < damage.max():
            ax.contour(along, up, damage, levels=[cost], colors=["#FFFFFF"], linewidths=1.5)
        ax.plot(*whole.reshape(-1, 2).T, "o", color="#FFFFFF", markeredgecolor=BLACK, markersize=8)
        for start, end in zip([w, *places], places, strict=False):
            arrow = {"arrowstyle": "-|>", "lw": 2.5, "color": VERMILLION, "shrinkA": 0}
            ax.annotate("", end, start, arrowprops=arrow)
        ax.plot(*w, "*", color=VERMILLION, markersize=20, markeredgecolor="#FFFFFF", zorder=5)
        ax.set(xlim=(left, right), ylim=(bottom, top))
        ax.set_title(title, fontsize=12)
        ax.grid(visible=False)
        ax.locator_params(integer=True, nbins=5)
    fig.supxlabel("first weight", fontsize=12)
    fig.supylabel("second weight", fontsize=12)
    fig.colorbar(drawn, ax=axes, label="damage: mean square of (x · d)", shrink=0.8)
    return fig


def _damage(place, w, c):
    d = np.asarray(place, float) - w
    return d @ c @ d
