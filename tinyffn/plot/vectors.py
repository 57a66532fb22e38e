"""The plane and what lies in it: arrows that turn, and points inside and outside a hull."""

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Circle

from tinyffn.plot.palette import BLACK, DASHES, GREY, PALETTE, SKY, figure, panels, style

MARKERS = ("o", "x", "s", "D", "v")


@style()
def arrows(
    pictures: Mapping[str, Mapping[str, np.ndarray]], *, columns: int = 3, size: float = 2.7
) -> Figure:
    """Arrows from the middle of the plane, each with its name at its end, on one scale.

    pictures     {title: {name: two numbers}}
    """
    ends = [np.asarray(end, float) for named in pictures.values() for end in named.values()]
    if not ends or any(end.shape != (2,) for end in ends):
        raise ValueError("arrows: pictures must hold {title: {name: two numbers}}")
    reach = max(np.hypot(*end) for end in ends)
    fig, axes = panels(len(pictures), columns=columns, size=size)
    for ax, (title, named) in zip(axes, pictures.items(), strict=True):
        for length in {round(float(np.hypot(*end)), 9) for end in named.values()}:
            ax.add_patch(Circle((0, 0), length, fill=False, edgecolor=GREY, linewidth=0.8))
        for k, (name, (x, y)) in enumerate(named.items()):
            color, dash = PALETTE[k % len(PALETTE)], DASHES[k % len(DASHES)]
            ax.plot([0, x], [0, y], color=color, linestyle=dash, linewidth=2.5)
            ax.plot(x, y, marker=MARKERS[k % len(MARKERS)], color=color, markersize=8)
            ax.text(1.3 * x, 1.3 * y, name, ha="center", va="center", fontsize=11)
        ax.set(xlim=(-1.5 * reach, 1.5 * reach), ylim=(-1.5 * reach, 1.5 * reach))
        ax.set(aspect="equal", xticks=[], yticks=[])
        ax.set_title(title, fontsize=12)
        ax.spines[:].set_visible(False)
    return fig


@style()
def hull(
    corners: np.ndarray,
    points: Mapping[str, np.ndarray],
    *,
    name: str = "values",
    x: str = "first number",
    y: str = "second number",
    width: float = 8.0,
    height: float = 4.5,
) -> Figure:
    """Points of the plane, the smallest polygon without dents around them, and other points.

    corners      (n, 2): triangles; the polygon around them is their convex hull
    points       {label: (m, 2)}
    """
    corners = np.asarray(corners, float)
    if corners.ndim != 2 or corners.shape[1] != 2 or len(corners) < 3:
        raise ValueError(f"hull: corners {corners.shape} must be (n, 2), three points or more")
    fig, ax = figure(width=width, height=height)
    around = convex_hull(corners)
    ax.fill(*around.T, facecolor=SKY, alpha=0.3, edgecolor=BLACK, linewidth=1.5, label="their hull")
    ax.plot(*corners.T, "^", color=BLACK, markersize=10, label=name)
    for k, (label, cloud) in enumerate(points.items()):
        ax.plot(
            *np.asarray(cloud).T, MARKERS[k % len(MARKERS)], color=PALETTE[k], mew=2, label=label
        )
    ax.set(xlabel=x, ylabel=y, aspect="equal")
    fig.legend(loc="outside right center")
    return fig


def convex_hull(points: np.ndarray) -> np.ndarray:
    """The corners of the smallest convex polygon around points (n, 2), counter-clockwise.

    Go along the points from left to right, and drop each that the next step would make a right
    turn at: that is the lower side. From right to left it is the upper one (Andrew 1979).
    """
    ordered = sorted(map(tuple, np.asarray(points, float).tolist()))
    return np.array(_side(ordered)[:-1] + _side(ordered[::-1])[:-1])


def _side(ordered: list[tuple[float, float]]) -> list[tuple[float, float]]:
    side: list[tuple[float, float]] = []
    for c in ordered:
        while len(side) > 1 and _turns_right(side[-2], side[-1], c):
            side.pop()
        side.append(c)
    return side


def _turns_right(a: tuple, b: tuple, c: tuple) -> bool:
    return (b[0] - a[0]) * (c[1] - a[1]) <= (b[1] - a[1]) * (c[0] - a[0])
