"""Draws the README's picture, from a real training run: python docs/make_picture.py (a minute)."""

import math
from pathlib import Path

from matplotlib.patches import Rectangle

from tinyffn.data import documentation
from tinyffn.plot import PALETTE, figure, style
from tinyffn.studies import language

PLACE = Path(__file__).with_name("tinyffn.png")
BLUE, ORANGE = PALETTE[0], PALETTE[1]


def draw_block(ax):
    """Where a block has its parameters, if the feed-forward layer is 4 d wide."""
    parts = [
        ("feed-forward layer", "2 matrices, d x 4d: 8 d² parameters", 8, BLUE, ""),
        ("attention", "4 matrices, d x d: 4 d² parameters", 4, "white", "//"),
    ]
    y = 0
    for name, what, height, color, hatch in parts:
        ax.add_patch(Rectangle((0, y), 10, height - 0.2, fc=color, ec="black", hatch=hatch, lw=1.5))
        label = {"boxstyle": "round", "fc": "white", "ec": "none"}
        ax.text(5, y + height / 2 - 0.1, f"{name}\n{what}", ha="center", va="center", bbox=label)
        y += height
    ax.set(xlim=(-0.2, 10.2), ylim=(-0.2, 12), title="Two thirds of a transformer block")
    ax.axis("off")


def draw_training(ax):
    """Held-out bits per character against the steps, the count models as lines to cross."""
    study = language.prepare(documentation())
    language.train(study, evaluate_every=75)
    history = study.history
    bits = [nats / math.log(2) for nats in history.eval_loss]
    ax.plot(history.eval_step, bits, color=BLUE, lw=2.5, marker="o", ms=4)
    ax.annotate("a transformer of our own layers", (history.eval_step[3], bits[3]), (520, 3.1),
                arrowprops={"arrowstyle": "->"}, fontsize=12)  # fmt: skip
    counts = [value for name, value in language.baselines(study).items() if "counts" in name]
    for n in range(1, 5):
        ax.axhline(counts[n], color=ORANGE, ls="--", lw=1.2)
        text = f"counts after {n} character{'s' * (n > 1)}"
        x, side = (history.eval_step[-1], "right") if n == 1 else (20, "left")
        ax.text(x, counts[n] + 0.03, text, ha=side, fontsize=10)
    ax.set(xlabel="training step", ylabel="bits per character, held-out text")
    ax.set(title="1,500 steps on real text, in NumPy", xlim=(0, None), ylim=(1.5, 4.0))


@style()
def make_picture():
    fig, (left, right) = figure(width=11, height=4.2, columns=2)
    draw_block(left)
    draw_training(right)
    fig.savefig(PLACE, dpi=110)
    print(f"Wrote {PLACE}")


if __name__ == "__main__":
    make_picture()
