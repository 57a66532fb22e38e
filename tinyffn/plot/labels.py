"""Things with names at their places in the plane: letters, words."""

from collections.abc import Mapping

from matplotlib.figure import Figure

from tinyffn.plot.curves import MARKERS
from tinyffn.plot.palette import PALETTE, figure, style


@style()
def labelled(
    groups: Mapping[str, Mapping[str, tuple[float, float]]],
    *,
    x: str,
    y: str,
    title: str = "",
    width: float = 8.0,
    height: float = 6.0,
) -> Figure:
    """Each label just above its place, one colour and one marker for each group.

    groups   {group: {label: (x, y)}}, seven at most
    x, y     what the axes show
    """
    if not groups:
        raise ValueError("labelled: groups is empty: give {group: {label: (x, y)}}")
    if len(groups) > len(PALETTE):
        raise ValueError(
            f"labelled: {len(groups)} groups are more than {len(PALETTE)}, the colours there are"
        )
    fig, ax = figure(width=width, height=height)
    for k, (group, places) in enumerate(groups.items()):
        color = PALETTE[k]
        xs, ys = [p[0] for p in places.values()], [p[1] for p in places.values()]
        mark = {"marker": MARKERS[k], "color": color, "linestyle": "none"}
        ax.plot(xs, ys, markersize=4, label=group, **mark)
        for label, place in places.items():
            shift = {"xytext": (0, 3), "textcoords": "offset points", "ha": "center"}
            ax.annotate(label, place, color=color, fontsize=14, weight="bold", **shift)
    ax.set(xlabel=x, ylabel=y, title=title)
    ax.margins(0.08)
    fig.legend(loc="outside upper center", ncols=len(groups), markerscale=2)
    return fig
