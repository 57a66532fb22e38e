"""Cards of neurons: on the left what makes one active, on the right what it makes likely."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from tinyffn.plot.palette import BLACK, BLUE, GREY, VERMILLION, YELLOW, figure, style
from tinyffn.plot.reading import VISIBLE

Trigger = tuple[str, str, str, float]
Cards = Mapping[str, tuple[Sequence[Trigger], Mapping[str, float]]]

SIZE = 11.5  # of the letters of texts, in points
LETTER = 0.66 * SIZE  # the room for each of them: 0.602 in matplotlib's font, moved to whole pixels
SHARE_OF_TEXT = 0.7  # of a card's width
NUMBER = 6  # letters that the number behind a text takes


@style()
def cards(
    neurons: Cards, *, m: str = "m", value: str = "score", columns: int = 2, width: float = 10.0
) -> Figure:
    """For each neuron a card: texts that trigger it, the trigger framed; tokens of its value.

    Texts stand so that their triggers are below each other; one that is too long is cut in front
    and behind, with dots.

    neurons   {title: (triggers, values)}; triggers: [(before, token, after, m), ...], a text in
              three parts, of which the middle one is the token at which the neuron had the
              coefficient m; values: {token: number}, drawn as bars from the top down
    m, value  what the number behind each text is, and what the bars show
    """
    _check(neurons)
    n = len(neurons)
    columns = min(columns, n)
    most = max(max(len(triggers), len(values)) for triggers, values in neurons.values())
    rows = -(-n // columns)
    ratios = {"width_ratios": [SHARE_OF_TEXT, 1 - SHARE_OF_TEXT] * columns}
    fig, axes = figure(
        rows, 2 * columns, width=width, height=rows * (1.0 + 0.29 * most), squeeze=False,
        gridspec_kw=ratios,
    )  # fmt: skip
    fig.get_layout_engine().set(wspace=0.04)  # pyrefly: ignore[missing-attribute]
    longest = max(len(token) for _, values in neurons.values() for token in values)
    points = 72 * width / columns - longest * LETTER - 20  # without the names of the bars
    room = int(SHARE_OF_TEXT * points / LETTER)
    pairs = axes.reshape(-1, 2)
    for ax in pairs[n:].flat:
        ax.remove()
    for (left, right), (title, (triggers, values)) in zip(pairs, neurons.items(), strict=False):
        _texts(left, triggers, room, most)
        left.set_title(f"{title}: triggers, {m}", loc="left", fontsize=12)
        _bars(right, values, most)
        right.set_title(value, fontsize=12)
    return fig


def cards_in_words(neurons: Cards) -> str:
    """What stands on the cards but for the numbers, for the alternative text of the figure."""
    _check(neurons)
    told = []
    for title, (triggers, values) in neurons.items():
        texts = ", ".join(
            f"{_end(_seen(before), 24)}[{VISIBLE.get(token, token)}]"
            for before, token, _, _ in triggers
        )
        tokens = ", ".join(
            f"{VISIBLE.get(t, t)}{' below 0' * int(number < 0)}" for t, number in values.items()
        )
        told.append(f"{title}: triggered by {texts}; its value says {tokens}.")
    return " ".join(told)


def _check(neurons: Cards) -> None:
    if not neurons:
        raise ValueError("cards: there are no neurons: give {title: (triggers, values)}")
    for title, (triggers, values) in neurons.items():
        if len(triggers) == 0 or len(values) == 0:
            raise ValueError(f"cards: {title!r} has no triggers, or no values: give one or more")
        if any(len(trigger) != 4 for trigger in triggers):
            raise ValueError(
                f"cards: a trigger of {title!r} is not (before, token, after, m): a text in three "
                "parts, and the coefficient"
            )
        if not np.isfinite([*(t[3] for t in triggers), *values.values()]).all():
            raise ValueError(f"cards: {title!r} has a number that is not finite")


def _texts(ax: Any, triggers: Sequence[Trigger], room: int, most: int) -> None:
    """Each text by three pieces around the left edge of its token, measured in points."""
    tokens = [VISIBLE.get(token, token) for _, token, _, _ in triggers]
    befores = [_seen(before) for before, _, _, _ in triggers]
    afters = [_seen(after) for _, _, after, _ in triggers]
    longest = max(map(len, tokens))
    spare = max(room - NUMBER - longest, 0)
    n_after = min(max(map(len, afters)), spare // 4)
    n_after = n_after if n_after > 4 else 0
    n_before = min(max(map(len, befores)), spare - n_after)
    edge = n_before * LETTER + 6
    for row, (before, token, after) in enumerate(zip(befores, tokens, afters, strict=True)):
        after = after if len(after) <= n_after else after[: n_after - 1] + "…" if n_after else ""
        box = {"boxstyle": "square,pad=0.12", "facecolor": YELLOW, "edgecolor": BLACK}
        _write(ax, row, edge - 4, _end(before, n_before), ha="right", color=BLACK)
        _write(ax, row, edge, token, ha="left", color=BLACK, weight="bold", bbox=box)
        _write(ax, row, edge + len(token) * LETTER + 5, after, ha="left", color=GREY)
        ax.text(1.0, row, f"{triggers[row][3]:.2f}", ha="right", va="center", fontsize=SIZE,
                transform=ax.get_yaxis_transform())  # fmt: skip
    ax.set(xlim=(0, 1), ylim=(most - 0.5, -0.5))
    ax.axis("off")


def _write(ax: Any, row: int, x: float, text: str, **look: Any) -> None:
    ax.annotate(
        text, (0, row), (x, 0), xycoords=("axes fraction", "data"), textcoords="offset points",
        va="center", family="monospace", fontsize=SIZE, **look,
    )  # fmt: skip


def _bars(ax: Any, values: Mapping[str, float], most: int) -> None:
    for row, number in enumerate(values.values()):
        below = number < 0
        color, hatch = (VERMILLION, "//") if below else (BLUE, "")
        ax.barh(row, number, color=color, hatch=hatch, edgecolor=BLACK, linewidth=0.5)
        shift = {"xytext": (-3 if below else 3, 0), "textcoords": "offset points", "va": "center"}
        side = "right" if below else "left"
        ax.annotate(f"{number:.2f}", (number, row), ha=side, fontsize=SIZE, **shift)
    ax.set(yticks=range(len(values)), ylim=(most - 0.5, -0.5), xticks=[])
    ax.set_yticklabels([VISIBLE.get(t, t) for t in values], family="monospace", fontsize=SIZE)
    ax.tick_params(length=0)
    ax.margins(x=0.45)
    ax.spines["bottom"].set_visible(False)
    ax.grid(visible=False)


def _seen(text: str) -> str:
    """A text on one line: the ends of its lines are drawn as signs."""
    return text.replace("\n", VISIBLE["\n"])


def _end(text: str, n: int) -> str:
    """The last n letters of a text, the first of them a dot if there was more."""
    return text if len(text) <= n else "…" + text[len(text) - n + 1 :]
