"""Bytes as columns of eight bits, so that one sees which bit of which byte is set."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from tinyffn.plot.palette import BLACK, BLUE, GREY, VERMILLION, figure, style

COLORS = (BLUE, VERMILLION, GREY)  # of the parts, in turn; the brackets above say which is which


@style()
def octets(
    data: bytes | Sequence[int] | np.ndarray,
    *,
    names: Sequence[str] | None = None,
    parts: Mapping[str, int] | None = None,
    size: float = 0.42,
) -> Figure:
    """One column for each byte, its lowest bit, worth 1, at the bottom; a filled cell is a 1.

    data    the bytes, from left to right
    names   what stands below each column; by default the byte as a number from 0 to 255
    parts   {name: number of bytes}, from left to right: brackets above the columns
    size    of a cell, in inches
    """
    octet_list = list(data)
    if not octet_list or not all(0 <= int(octet) <= 255 for octet in octet_list):
        raise ValueError("octets: data must be one byte or more, each from 0 to 255")
    parts = {"": len(octet_list)} if parts is None else parts
    names = [str(int(octet)) for octet in octet_list] if names is None else names
    if sum(parts.values()) != len(octet_list) or len(names) != len(octet_list):
        raise ValueError(
            f"octets: there are {len(octet_list)} bytes, but {len(names)} names, and parts of "
            f"{sum(parts.values())} bytes"
        )
    n = len(octet_list)
    fig, ax = figure(width=max(3.0, size * n + 1.6), height=size * 8 + 1.4)
    start = 0
    for (part, n_bytes), color in zip(parts.items(), COLORS * len(parts), strict=False):
        for place in range(start, start + n_bytes):
            _column(ax, place, int(octet_list[place]), color)
        if part:
            ax.plot([start + 0.1, start + n_bytes - 0.1], [8.3, 8.3], color=BLACK, linestyle="-",
                    linewidth=1.5)  # fmt: skip
            middle = start + n_bytes / 2
            ax.text(middle, 8.45, part, ha="center", va="bottom", fontsize=12)
        start += n_bytes
    ax.set(xlim=(-0.1, n + 0.1), ylim=(-0.1, 9.3 if any(parts) else 8.1), aspect="equal")
    ax.set_xticks(np.arange(n) + 0.5, names)
    ax.set_yticks(np.arange(8) + 0.5, [str(2**bit) for bit in range(8)])
    ax.set_ylabel("worth")
    ax.tick_params(length=0)
    ax.grid(visible=False)
    ax.spines[:].set_visible(False)
    return fig


def _column(ax: Any, place: int, octet: int, color: str) -> None:
    """A byte: filled cells with a white 1, empty ones with a black 0."""
    for bit in range(8):
        is_set = octet >> bit & 1
        face, ink = (color, "#FFFFFF") if is_set else ("#FFFFFF", BLACK)
        look = {"facecolor": face, "edgecolor": BLACK, "linewidth": 1.0}
        ax.add_patch(Rectangle((place, bit), 1, 1, **look))
        middle = {"ha": "center", "va": "center", "fontsize": 11, "color": ink}
        ax.text(place + 0.5, bit + 0.47, str(is_set), **middle)
