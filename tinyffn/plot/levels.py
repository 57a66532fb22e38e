"""Numbers and the few levels to which they are rounded."""

import itertools
from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from tinyffn.plot.palette import BLACK, BLUE, GREY, ORANGE, PURPLE, SKY, YELLOW, panels, style

FILLS = (SKY, ORANGE, PURPLE, YELLOW, BLUE)
HATCHES = ("\\\\", "//", "..", "++", "xx")
OF_ZERO = "white", ""  # the level 0 looks alike in all panels
BARS = 60  # of about this width
LABELLED = 3  # with more levels their names would run into each other


@style()
def levels(
    rounded: Mapping[str, tuple[Any, Any]],
    *,
    x: str,
    reach: float | None = None,
    columns: int = 4,
    size: float = 2.7,
) -> Figure:
    """A histogram of numbers in each panel; each bar is filled by the level it is rounded to.

    An upright line stands at each level, with its value and the share of the numbers that go there.
    Bars are cut half-way between two levels, so that no bar is filled twice where numbers go to the
    nearest of evenly spaced levels.
    The level 0 is white, the others have colours from left to right.

    rounded      {title: (numbers, what each is rounded to)}, two arrays of one shape
    x            what the numbers are, with the unit in brackets; all panels share it
    reach        the axis goes from -reach to reach; by default it shows the largest of all numbers
    """
    pairs = {title: tuple(map(np.ravel, pair)) for title, pair in rounded.items()}
    if not pairs or any(a.size == 0 or a.shape != b.shape for a, b in pairs.values()):
        raise ValueError(
            "levels: rounded must hold {title: (numbers, what each is rounded to)}, two arrays of "
            "one shape"
        )
    reach = reach or max(float(np.abs(pair).max()) for pair in pairs.values())
    fig, axes = panels(len(pairs), columns=columns, size=size, title=0.5)
    for ax, (title, (numbers, nearest)) in zip(axes, pairs.items(), strict=True):
        ax.sharex(axes[0])
        names = np.unique(nearest)
        colors, hatches = zip(*_looks(names), strict=True)
        ax.hist(
            [numbers[nearest == level] for level in names], _edges(names, reach),
            stacked=True, label=names, color=colors, hatch=hatches, edgecolor=GREY,
            linewidth=0.3,
        )  # fmt: skip
        ax.set_xlim(-1.05 * reach, 1.05 * reach)
        ax.set_ylim(0, 1.35 * ax.get_ylim()[1])
        for k, level in enumerate(names):
            if abs(level) > reach:
                continue
            ax.axvline(level, 0, 0.78, color=BLACK, linestyle="-", linewidth=2)
            if len(names) <= LABELLED:
                words = f"{level + 0.0:.2f}\n{100 * np.mean(nearest == level):.0f} %"
                place = {"xycoords": ax.get_xaxis_transform(), "va": "bottom"}
                side = _side(k, names, reach)
                ax.annotate(words, (level, 0.79), fontsize=10, ha=side, **place)
        ax.set_title(title, fontsize=12)
        ax.set(yticks=[])
        ax.locator_params(axis="x", nbins=5)
        ax.tick_params(labelsize=10)
        ax.grid(visible=False)
        ax.spines["left"].set_visible(False)
    fig.supxlabel(x, fontsize=12)
    return fig


def _edges(names: np.ndarray, reach: float) -> np.ndarray:
    """Evenly spaced edges of bars, one at 0, and one half-way between the two levels nearest to it.

    If it is nearer to 0 than half a bar, there is none.
    """
    width = 2 * reach / BARS
    cuts = np.abs(names[1:] + names[:-1]) / 2
    if (first := cuts[cuts > width / 2].min(initial=reach)) < reach:
        width = first / np.rint(first / width)
    n = int(reach / width) + 1
    return width * np.arange(-n, n + 1)


def _looks(names: np.ndarray) -> list[tuple[str, str]]:
    """The colour and the hatching of each level."""
    others = itertools.cycle(zip(FILLS, HATCHES, strict=True))
    return [next(others) if level else OF_ZERO for level in names]


def _side(k: int, names: np.ndarray, reach: float) -> str:
    """Where the words of a level stand: outwards at the first and last, if they are close."""
    is_close = np.diff(names).min(initial=reach) < 0.5 * reach
    if is_close and len(names) > 1 and k in (0, len(names) - 1):
        return "right" if k == 0 else "left"
    return "center"
