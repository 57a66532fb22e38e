"""What a window network computes at one place of a text, from the characters to the next one."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Polygon

from tinyffn.plot.palette import BLACK, BLUE, COLORMAP, GREY, VERMILLION, figure, style

SHOWN = 8  # the most likely tokens that get a bar
VISIBLE = {" ": "␣", "\n": "↵"}
PLACES = {"tokens": 3.0, "vectors": 1.95, "hidden": 0.35}  # where the middle of each row stands


@style()
def reading(
    tokens: Sequence[str],
    vectors: Any,
    hidden: Any,
    chances: Mapping[str, float],
    *,
    answer: str | None = None,
    width: float = 8.0,
    height: float = 4.2,
) -> Figure:
    """The tokens of a window, their vectors side by side, the hidden layer, the likeliest tokens.

    vectors   (window, d), the row of the table for each token; darker is lower
    hidden    (d_ff), what comes out of the hidden layer
    chances   {token: probability}, of which the eight likeliest are drawn
    answer    the token that really came: it is always drawn, in another colour and with a word
    """
    vectors, hidden = np.asarray(vectors, float), np.asarray(hidden, float)
    if vectors.ndim != 2 or len(vectors) != len(tokens):
        raise ValueError(
            f"reading: vectors {vectors.shape} must be ({len(tokens)}, d): a row for each token"
        )
    if hidden.ndim != 1:
        raise ValueError(f"reading: hidden {hidden.shape} must be (d_ff)")
    ratios = {"width_ratios": [3, 1.5]}
    fig, (left, right) = figure(1, 2, width=width, height=height, gridspec_kw=ratios)
    _network(left, [VISIBLE.get(token, token) for token in tokens], vectors, hidden)
    _bars(right, chances, answer)
    return fig


def _network(ax: Any, tokens: list[str], vectors: np.ndarray, hidden: np.ndarray) -> None:
    n = len(tokens)
    middles = (np.arange(n) + 0.5) / n
    box = {"boxstyle": "square,pad=0.35", "facecolor": "#FFFFFF", "edgecolor": BLACK}
    for middle, token in zip(middles, tokens, strict=True):
        place = (middle, PLACES["tokens"])
        ax.text(*place, token, ha="center", va="center", fontsize=15, family="monospace", bbox=box)
        arrow = {"arrowstyle": "-|>", "color": GREY, "linewidth": 1.5}
        end = (middle, PLACES["vectors"] + 0.16)
        ax.annotate("", end, (middle, PLACES["tokens"] - 0.28), arrowprops=arrow)
    _strip(ax, vectors.reshape(-1), PLACES["vectors"])
    for k in range(1, n):
        ends = [PLACES["vectors"] - 0.17, PLACES["vectors"] + 0.17]
        ax.plot([k / n, k / n], ends, color="#FFFFFF", linestyle="-", linewidth=4)
    corners = [(0, PLACES["vectors"] - 0.5), (1, PLACES["vectors"] - 0.5)]
    corners += [(1, PLACES["hidden"] + 0.2), (0, PLACES["hidden"] + 0.2)]
    ax.add_patch(Polygon(corners, facecolor=GREY, alpha=0.15, edgecolor="none"))
    _strip(ax, hidden, PLACES["hidden"])
    d = vectors.shape[1]
    words = {
        PLACES["tokens"] + 0.42: f"a window of {n}",
        PLACES["vectors"] - 0.33: f"its rows of the table, side by side: {n} × {d} = {n * d}",
        (PLACES["vectors"] + PLACES["hidden"] - 0.3) / 2: "every input to every hidden unit, ReLU",
        PLACES["hidden"] - 0.33: f"hidden layer: {len(hidden)}, then a score for each token →",
    }
    for y, text in words.items():
        ax.text(0.5, y, text, ha="center", va="center", fontsize=12)
    ax.set(xlim=(-0.01, 1.01), ylim=(-0.1, 3.55))
    ax.axis("off")


def _strip(ax: Any, values: np.ndarray, y: float) -> None:
    extent = (0.0, 1.0, y - 0.15, y + 0.15)
    ax.imshow(values[None], extent=extent, aspect="auto", cmap=COLORMAP, interpolation="nearest")


def _bars(ax: Any, chances: Mapping[str, float], answer: str | None) -> None:
    likely = sorted(chances, key=lambda token: -chances[token])[:SHOWN]
    if answer is not None and answer not in likely:
        likely.append(answer)
    for row, token in enumerate(likely):
        came = token == answer
        ax.barh(row, chances[token], color=VERMILLION if came else BLUE, hatch="//" * came)
        if came:
            shift = {"xytext": (4, 0), "textcoords": "offset points", "va": "center"}
            ax.annotate("came", (chances[token], row), **shift)
    names = [VISIBLE.get(token, token) for token in likely]
    ax.set(yticks=range(len(likely)), ylim=(len(likely) - 0.4, -0.6), xlabel="probability")
    ax.set_yticklabels(names, family="monospace", fontsize=14)
    ax.set_title("what comes next?")
    ax.margins(x=0.25)
    ax.grid(axis="y", visible=False)
