"""How many of each kind there are in several groups: bars cut into parts, each with its number."""

from collections.abc import Mapping

from matplotlib.figure import Figure
from matplotlib.patches import Patch

from tinyffn.plot.palette import BLACK, BLUE, GREY, ORANGE, SKY, VERMILLION, figure, style

# Faces that differ in lightness, and hatches, so that no meaning rests on colour alone.
FACES = (
    (BLUE, ""),
    (SKY, "//"),
    (VERMILLION, "xx"),
    ("#FFFFFF", ".."),
    (ORANGE, "\\\\"),
    (GREY, ""),
)
BOX = {"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": "none"}


@style()
def tallies(
    rows: Mapping[str, Mapping[str, int]],
    *,
    x: str,
    width: float = 9.0,
    height: float | None = None,
) -> Figure:
    """One bar for each group, cut into a part for each kind; a part says how many it stands for.

    A part that is too narrow for its number has it above. One kind alone needs no legend.

    rows    {group: {kind: number}}, drawn from top to bottom; all groups have the same kinds, six
            at most, in one order. A kind of which there is none has no part
    x       what is counted
    """
    kinds = list(next(iter(rows.values()), {}))
    if not kinds or len(kinds) > len(FACES) or any(list(of) != kinds for of in rows.values()):
        raise ValueError(
            "tallies: rows must be {group: {kind: number}}, with the same kinds in each group, "
            f"from 1 to {len(FACES)} of them"
        )
    fig, ax = figure(width=width, height=height or 1.4 + 0.5 * len(rows))
    widest = max(sum(numbers.values()) for numbers in rows.values())
    for row, (group, numbers) in enumerate(rows.items()):
        left = 0
        for kind, (face, hatch) in zip(kinds, FACES, strict=False):
            n = numbers[kind]
            if n < 0:
                raise ValueError(f"tallies: {group!r} has {n} of {kind!r}: a number is 0 or above")
            if n:
                ax.barh(row, n, left=left, height=0.7, color=face, hatch=hatch, edgecolor=BLACK,
                        linewidth=0.8)  # fmt: skip
                has_room = n >= widest / 40
                ax.text(left + n / 2, row if has_room else row - 0.36, str(n), ha="center",
                        va="center" if has_room else "bottom", fontsize=11 if has_room else 9,
                        bbox=BOX if has_room else None)  # fmt: skip
            left += n
    ax.set(xlabel=x, yticks=range(len(rows)), yticklabels=list(rows))
    ax.set_ylim(len(rows) - 0.5, -0.5)
    ax.grid(axis="y", visible=False)
    samples = [
        Patch(facecolor=face, hatch=hatch, edgecolor=BLACK, label=kind)
        for kind, (face, hatch) in zip(kinds, FACES, strict=False)
    ]
    if len(kinds) > 1:
        fig.legend(handles=samples, loc="outside upper center", ncols=len(kinds))
    return fig
