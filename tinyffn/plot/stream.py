"""The residual stream as a thick line, and the sublayers that read from it and add to it."""

from collections.abc import Sequence
from typing import Any

from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyBboxPatch

from tinyffn.plot.palette import BLACK, BLUE, ORANGE, SKY, figure, style

PITCH = 2.6  # from one sublayer to the next
STREAM_Y, NORM_Y, SUBLAYER_Y = 0.0, 0.95, 1.85
ARROW = {"arrowstyle": "-|>", "color": BLACK, "linewidth": 1.6, "shrinkA": 0, "shrinkB": 0}


@style()
def stream(
    sublayers: Sequence[str] = ("attention", "FFN"),
    *,
    norm_first: bool = True,
    width: float = 8.0,
    height: float = 3.4,
) -> Figure:
    """How the sublayers of a block hang on the residual stream.

    sublayers    their names, from left to right
    norm_first   True for pre-norm: a norm on each way up; False for post-norm: a norm on the
                 stream itself, behind each sum
    """
    if not sublayers:
        raise ValueError("stream: sublayers is empty: name one or more")
    fig, ax = figure(width=width, height=height)
    end = PITCH * len(sublayers) + 0.5
    ax.annotate(
        "", (end, STREAM_Y), (-0.5, STREAM_Y), arrowprops=ARROW | {"linewidth": 5, "color": BLUE}
    )
    ax.text(-0.6, STREAM_Y, "x", ha="right", va="center", fontsize=16, fontweight="bold")
    for k, name in enumerate(sublayers):
        _branch(ax, PITCH * k, name, norm_first)
    ax.text(end + 0.1, STREAM_Y, "y", va="center", fontsize=16, fontweight="bold")
    ax.set(xlim=(-1.0, end + 0.5), ylim=(-0.55, 2.25), aspect="equal")
    ax.axis("off")
    return fig


def _branch(ax: Any, x: float, name: str, norm_first: bool) -> None:
    """Up from the stream through the sublayer, and down to a sum."""
    up, down = x + 0.35, x + 1.6
    middle, top = x + 0.78, SUBLAYER_Y
    if norm_first:
        ax.annotate("", (up, NORM_Y - 0.25), (up, STREAM_Y), arrowprops=ARROW)
        ax.annotate("", (up, top - 0.25), (up, NORM_Y + 0.25), arrowprops=ARROW)
        _box(ax, up, NORM_Y, "norm", SKY, width=0.9)
    else:
        ax.annotate("", (up, top - 0.25), (up, STREAM_Y), arrowprops=ARROW)
        _box(ax, down + 0.75, STREAM_Y, "norm", SKY, width=0.9)
    ax.plot([middle, down, down], [top, top, 0.5], color=BLACK, linewidth=1.6, linestyle="-")
    ax.annotate("", (down, STREAM_Y + 0.16), (down, 0.6), arrowprops=ARROW)
    ax.add_patch(Circle((down, STREAM_Y), 0.17, facecolor="#FFFFFF", edgecolor=BLACK, zorder=3))
    ax.text(down, STREAM_Y - 0.01, "+", ha="center", va="center", fontsize=15, zorder=4)
    _box(ax, middle, top, name, ORANGE, width=1.5)
    ax.text(up - 0.07, 0.42, "read", ha="right", va="center", fontsize=11)
    ax.text(down + 0.09, 0.42, "add", ha="left", va="center", fontsize=11)


def _box(ax: Any, x: float, y: float, name: str, color: str, *, width: float) -> None:
    look = {"boxstyle": "round,pad=0,rounding_size=0.08", "facecolor": color, "edgecolor": BLACK}
    ax.add_patch(FancyBboxPatch((x - width / 2, y - 0.25), width, 0.5, zorder=3, **look))
    ax.text(x, y - 0.01, name, ha="center", va="center", fontsize=13, zorder=4)
