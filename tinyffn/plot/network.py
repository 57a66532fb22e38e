"""The graph of a computation: what was computed from what, and what is kept for the way back."""

import itertools
from collections import defaultdict
from collections.abc import Sequence

from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
from matplotlib.path import Path

from tinyffn.graph import GraphNode
from tinyffn.plot.palette import BLACK, GREY, figure, style

# An operation has round corners; what was put in has square ones: parameters are hatched,
# inputs dashed. No colour is needed to tell them apart.
CORNERS = {"op": "round,pad=0,rounding_size=0.15"}
DASHES = {"input": "--"}
HATCHES = {"parameter": "////"}
ARROW = {
    "arrowstyle": "-|>,head_width=3,head_length=6",
    "color": GREY,
    "linewidth": 1.5,
    "zorder": 1,
}
WIDTH, HEIGHT, PITCH_X, PITCH_Y = 1.9, 0.8, 2.2, 1.25
LANE = 0.3  # the room between boxes that a passing arrow takes; a box takes 1
PORT = 0.35  # from one arrow to the next, where several leave or reach a box
FITS = 22  # so many letters fit into a box


@style()
def graph(nodes: Sequence[GraphNode]) -> Figure:
    """Boxes with name, shape and remembered bytes; arrows run from what was used to the result.

    nodes   what `tinyffn.graph.graph(tensor)` returns: parents before children
    """
    if not nodes:
        raise ValueError("graph: nodes is empty: give what tinyffn.graph.graph(tensor) returns")
    places, paths = _layout(nodes)
    xs, ys = zip(*places.values(), strict=True)
    width = max(xs) - min(xs) + WIDTH + 0.4
    height = max(ys) - min(ys) + HEIGHT + 0.4
    fig, ax = figure(width=max(width, 3.0), height=max(height, 1.5))
    for path, ends in zip(paths, _ports(paths, places), strict=True):
        route = _route([places[stop] for stop in path], ends)
        ax.add_patch(FancyArrowPatch(path=route, **ARROW))
    for index, node in enumerate(nodes):
        _box(ax, node, *places[index])
    ax.set(xlim=(min(xs) - WIDTH / 2 - 0.2, max(xs) + WIDTH / 2 + 0.2))
    ax.set(ylim=(min(ys) - HEIGHT / 2 - 0.2, max(ys) + HEIGHT / 2 + 0.2))
    ax.axis("off")
    return fig


def _layout(nodes: Sequence[GraphNode]) -> tuple[dict, list[list]]:
    """Where each node stands, and the stops that each arrow passes on its way.

    Rows from top to bottom: an operation stands below all that it used, a leaf just above its
    first use. An arrow that crosses rows gets a place in each of them, so that it runs between
    the boxes; then every row is sorted by where its neighbours above and below stand.
    """
    row = _rows(nodes)
    paths = []
    rows: list[list] = [[] for _ in range(max(row) + 1)]
    for child, node in enumerate(nodes):
        rows[row[child]].append(child)
        for position, parent in enumerate(node.parents):
            between = [(parent, child, position, r) for r in range(row[parent] + 1, row[child])]
            for stop in between:
                rows[stop[-1]].append(stop)
            paths.append([parent, *between, child])

    neighbours: dict = {stop: [] for stops in rows for stop in stops}
    for path in paths:
        for a, b in itertools.pairwise(path):
            neighbours[a].append(b)
            neighbours[b].append(a)
    x = {stop: float(i) for stops in rows for i, stop in enumerate(stops)}
    for _ in range(12):
        for stops in rows:
            _settle(stops, x, neighbours)
    places = {s: (PITCH_X * x[s], -PITCH_Y * r) for r, stops in enumerate(rows) for s in stops}
    return places, paths


def _settle(stops: list, x: dict, neighbours: dict) -> None:
    """Move each stop of one row to the middle of its neighbours, as far as there is room."""
    wish = {s: sum(x[n] for n in neighbours[s]) / max(len(neighbours[s]), 1) for s in stops}
    stops.sort(key=lambda stop: wish[stop])
    middle = sum(wish.values())
    for left, right in itertools.pairwise(stops):
        wish[right] = max(wish[right], wish[left] + (_room(left) + _room(right)) / 2)
    # All pushes went to the right: move the row back until it is centred again.
    back = (sum(wish.values()) - middle) / len(stops)
    x.update({stop: wish[stop] - back for stop in stops})


def _room(stop) -> float:
    return LANE if isinstance(stop, tuple) else 1.0


def _ports(paths: list[list], places: dict) -> list[tuple[float, float]]:
    """Where each arrow leaves its first box and reaches its last, as x.

    Arrows that share a box stand side by side in the order of where they come from or go to, so
    that a result used twice by one operation has two arrows, and they do not cross.
    """
    ends: list[list[float]] = [[0.0, 0.0] for _ in paths]
    for side, (end, neighbour) in enumerate([(0, 1), (-1, -2)]):
        of_box = defaultdict(list)
        for i, path in enumerate(paths):
            of_box[path[end]].append(i)
        for box, arrows in of_box.items():
            arrows.sort(key=lambda i: places[paths[i][neighbour]][0])
            gap = min(PORT, 0.8 * WIDTH / len(arrows))
            for k, i in enumerate(arrows):
                ends[i][side] = places[box][0] + (k - (len(arrows) - 1) / 2) * gap
    return [(start, stop) for start, stop in ends]


def _rows(nodes: Sequence[GraphNode]) -> list[int]:
    row = [0] * len(nodes)
    for index, node in enumerate(nodes):
        if node.parents:
            row[index] = 1 + max(row[parent] for parent in node.parents)
    first_use: dict[int, int] = {}
    for index, node in enumerate(nodes):
        for parent in node.parents:
            first_use[parent] = min(first_use.get(parent, row[index]), row[index])
    for index, node in enumerate(nodes):
        if not node.parents and index in first_use:
            row[index] = first_use[index] - 1
    return row


def _box(ax, node: GraphNode, x: float, y: float) -> None:
    box = FancyBboxPatch(
        (x - WIDTH / 2, y - HEIGHT / 2),
        WIDTH,
        HEIGHT,
        boxstyle=CORNERS.get(node.kind, "square,pad=0"),
        linestyle=DASHES.get(node.kind, "-"),
        hatch=HATCHES.get(node.kind),
        facecolor="#FFFFFF",
        edgecolor=BLACK,
        linewidth=1.5,
        zorder=2,
    )
    ax.add_patch(box)
    last = f"keeps {_bytes(node.remembered_bytes)}" if node.kind == "op" else node.kind
    # A long name such as blocks.0.feed_forward.up.w goes on two lines, a longer one in small print.
    name = node.name if len(node.name) <= FITS else ".\n".join(node.name.rsplit(".", 1))
    size = 10 * min(1, FITS / max(len(line) for line in name.split("\n")))
    text = "\n".join([name, _shape(node.shape), *([] if last == name else [last])])
    clear = {"facecolor": "#FFFFFF", "edgecolor": "none", "pad": 1.5}  # no hatch behind words
    ax.text(x, y, text, ha="center", va="center", fontsize=size, zorder=3, bbox=clear)


def _route(stops: list[tuple[float, float]], ends: tuple[float, float]) -> Path:
    """A smooth line that leaves, passes and reaches boxes straight down."""
    half = HEIGHT / 2
    points = [(ends[0], stops[0][1] - half)]
    for x, y in stops[1:-1]:
        points += [(x, y + half), (x, y - half)]
    points += [(ends[1], stops[-1][1] + half)]
    vertices, codes = [points[0]], [Path.MOVETO]
    for (x0, y0), (x1, y1) in itertools.pairwise(points):
        middle = (y0 + y1) / 2
        vertices += [(x0, middle), (x1, middle), (x1, y1)]
        codes += [Path.CURVE4] * 3
    return Path(vertices, codes)


def _shape(shape: tuple[int, ...]) -> str:
    return " × ".join(map(str, shape)) if shape else "one number"


def _bytes(count: int) -> str:
    if count < 1000:
        return f"{count} bytes"
    return f"{count / 1e3:.1f} kB" if count < 1e6 else f"{count / 1e6:.1f} MB"
