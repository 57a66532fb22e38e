"""The map of the course: the chain of lessons, with the reader's place marked."""

from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

from tinyffn.plot.style import BLACK, GREY, SKY, figure, style

# Part, and the short name of each of its lessons. The numbers run through all parts.
LESSONS = {
    "I  neurons that compute": (
        "dense layers",
        "autograd",
        "the MLP learns",
        "how expressive?",
        "activations",
        "tokens",
        "training",
    ),
    "II  the transformer block": ("attention", "the block", "language model", "without attention"),
    "III  memory": ("keys and values", "how much fits?", "editing"),
    "IV  one bit": ("theory", "after training", "training", "bytes", "audit"),
}


@style()
def course_map(here: int) -> Figure:
    """All lessons in four rows, read from left to right; lesson number `here` is marked."""
    total = sum(len(names) for names in LESSONS.values())
    if not 1 <= here <= total:
        raise ValueError(f"course_map: here is {here}: it must be a lesson from 1 to {total}")
    fig, ax = figure(width=9.5, height=4.2)
    number = 0
    for row, (part, names) in enumerate(LESSONS.items()):
        y = -1.5 * row
        ax.text(0, y + 0.86, part, fontsize=12, fontweight="bold", va="center")
        for column, name in enumerate(names):
            number += 1
            x = 1.35 * column
            _box(ax, x, y, f"{number:02d}\n{name}", marked=number == here)
            if column:
                start, end = (x - 0.16, y + 0.33), (x, y + 0.33)
                ax.annotate("", end, start, arrowprops={"arrowstyle": "->", "color": GREY})
    ax.set(xlim=(-0.1, 9.4), ylim=(-4.65, 1.1))
    ax.axis("off")
    return fig


def _box(ax, x: float, y: float, text: str, *, marked: bool) -> None:
    """One lesson. The marked one differs in edge and words, not only in colour."""
    edge = {"linewidth": 3, "edgecolor": BLACK, "facecolor": SKY}
    plain = {"linewidth": 1, "edgecolor": GREY, "facecolor": "none"}
    shape = "round,pad=0,rounding_size=0.08"
    ax.add_patch(FancyBboxPatch((x, y), 1.18, 0.66, boxstyle=shape, **(edge if marked else plain)))
    ax.text(x + 0.59, y + 0.33, text, ha="center", va="center", fontsize=9, linespacing=1.3)
    if marked:
        ax.text(x + 0.59, y - 0.17, "you are here", ha="center", va="center", fontsize=10)
