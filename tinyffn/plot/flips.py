"""Inputs on either side of two lines: the gates that change when a weight vector turns."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from tinyffn.plot.palette import BLACK, BLUE, GREY, ORANGE, VERMILLION, panels, style


@style()
def flips(
    turned: Mapping[str, tuple[Any, Any]],
    *,
    names: tuple[str, str] = ("w", "rounded"),
    size: float = 3.4,
) -> Figure:
    """The plane of a weight vector and the one that it becomes, with inputs as dots.

    The first vector points to the right. A gate is on where an input and the vector make a positive
    product: on one side of the line across it. Inputs between the two lines have changed sides;
    they are crosses.

    turned       {title: (the second vector (2), inputs (n, 2))}, one panel each
    names        what the two vectors are called
    """
    if not turned:
        raise ValueError("flips: turned is empty: give {title: (a vector (2), inputs (n, 2))}")
    fig, axes = panels(len(turned), columns=3, size=size)
    for ax, (title, (vector, inputs)) in zip(axes, turned.items(), strict=True):
        vector, inputs = np.asarray(vector, float), np.asarray(inputs, float)
        if vector.shape != (2,) or not vector.any() or inputs.ndim != 2 or inputs.shape[1] != 2:
            raise ValueError(
                f"flips: {title!r} has a vector {vector.shape} and inputs {inputs.shape}, but must "
                "have two numbers, not both 0, and (n, 2)"
            )
        vector = vector / np.hypot(*vector)
        flipped = (inputs[:, 0] > 0) != (inputs @ vector > 0)
        reach = float(np.abs(inputs).max(initial=1e-9))
        _wedges(ax, vector, 3 * reach)
        ax.plot(*inputs[~flipped].T, "o", color=GREY, markersize=3.5, label="same side")
        ax.plot(*inputs[flipped].T, "x", color=VERMILLION, markersize=6, mew=1.8, label="flipped")
        for name, end, color, dash, up in zip(
            names, (np.array([1.0, 0.0]), vector), (BLACK, BLUE), ("-", "--"), (-1, 1), strict=True
        ):
            across = np.outer([-3 * reach, 3 * reach], [-end[1], end[0]])
            ax.plot(*across.T, color=color, linestyle=dash, linewidth=1.4)
            tip = 0.85 * reach * end
            arrow = {"arrowstyle": "-|>", "lw": 2.5, "color": color, "shrinkA": 0}
            ax.annotate("", tip, (0, 0), arrowprops=arrow, zorder=5)
            box = {"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 1.5}
            place = {"ha": "center", "va": "top" if up < 0 else "bottom", "fontsize": 12}
            ax.text(
                tip[0], tip[1] + up * 0.07 * reach, name, color=color, bbox=box, zorder=6, **place
            )
        ax.set(xlim=(-1.15 * reach, 1.15 * reach), ylim=(-1.15 * reach, 1.15 * reach))
        ax.set(aspect="equal", xticks=[], yticks=[])
        ax.set_title(title, fontsize=12)
        ax.grid(visible=False)
        ax.spines[:].set_visible(False)
    handles, labels = axes[0].get_legend_handles_labels()
    fig.legend(handles, labels, loc="outside lower center", ncols=2, fontsize=12)
    return fig


def _wedges(ax: Any, vector: np.ndarray, reach: float) -> None:
    """Tint what lies between the line across (1, 0) and the line across the vector."""
    for side in (1, -1):
        across = side * reach * np.array([[0.0, 1.0], [-vector[1], vector[0]]])
        ax.fill(*np.vstack([[0.0, 0.0], across]).T, color=ORANGE, alpha=0.25, linewidth=0)
