"""The map of the course: the chain of lessons, with the reader's place marked."""

from typing import Any

from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

from tinyffn.plot.palette import BLACK, GREY, SKY, figure, style

# Part, and the short name of each of its lessons. The numbers run through all parts.
LESSONS = {
    "I  neurons that compute": (
        "dense\nlayers",
        "automatic\ngradients",
        "the MLP\nlearns",
        "expressive\npower",
        "activations\nand gates",
        "vectors\nto tokens",
        "training\nrecipe",
    ),
    "II  the transformer block": (
        "attention",
        "the whole\nblock",
        "language\nmodel",
        "without\nattention",
    ),
    "III  memory": ("keys and\nvalues", "how much\nfits?", "editing\na fact"),
    "IV  one bit": (
        "theory",
        "after\ntraining",
        "while\ntraining",
        "bytes and\nspeed",
        "audit an\narticle",
    ),
}
WIDTH, HEIGHT, PITCH_X, PITCH_Y = 1.22, 0.6, 1.42, 1.25


@style()
def course_map(here: int) -> Figure:
    """All lessons in four rows, read from left to right; lesson number `here` is marked.

    Raises ValueError if there is no such lesson.
    """
    total = sum(len(names) for names in LESSONS.values())
    if not 1 <= here <= total:
        raise ValueError(f"course_map: here is {here}: it must be a lesson from 1 to {total}")
    fig, ax = figure(width=10, height=5)
    number = 0
    for row, (part, names) in enumerate(LESSONS.items()):
        y = -PITCH_Y * row
        ax.text(0, y + HEIGHT + 0.17, part, fontsize=12, fontweight="bold", va="center")
        for column, name in enumerate(names):
            number += 1
            x = PITCH_X * column
            _box(ax, x, y, number, name, marked=number == here)
            if column:
                start, end = (x - PITCH_X + WIDTH, y + HEIGHT / 2), (x, y + HEIGHT / 2)
                ax.annotate("", end, start, arrowprops={"arrowstyle": "->", "color": GREY})
    ax.set(xlim=(-0.05, 6 * PITCH_X + WIDTH + 0.05), ylim=(-3 * PITCH_Y - 0.25, HEIGHT + 0.3))
    ax.axis("off")
    return fig


def _box(ax: Any, x: float, y: float, number: int, name: str, *, marked: bool) -> None:
    """One lesson. The marked one differs in its edge and in words, not only in colour."""
    box = FancyBboxPatch(
        (x, y),
        WIDTH,
        HEIGHT,
        boxstyle="round,pad=0,rounding_size=0.08",
        facecolor=SKY if marked else "none",
        edgecolor=BLACK if marked else GREY,
        linewidth=3 if marked else 1,
    )
    ax.add_patch(box)
    middle = y + HEIGHT / 2
    ax.text(x + 0.07, middle, f"{number:02d}", va="center", fontsize=11, fontweight="bold")
    ax.text(x + 0.76, middle, name, ha="center", va="center", fontsize=10.5, linespacing=1.2)
    if marked:
        ax.text(x + WIDTH / 2, y - 0.06, "you are here", ha="center", va="top", fontsize=11)
