"""Loss against size: window MLPs of six sizes on real text, each at its own best rate.

`python -m tinyffn.studies.scaling` makes the runs of `results/scaling.json`, in a few minutes. The
laws that are fitted to them are in studies/powerlaw.py.
"""

from itertools import product

from tqdm import tqdm

from tinyffn.studies import results
from tinyffn.studies.command import start
from tinyffn.studies.windows import BATCH_SIZE, D_EMBED, run, text_parts

WINDOW = 4
WIDTHS = (8, 16, 32, 64, 128, 256)  # d_ff; all else is the same
STEPS = 3000
RATES = (0.01, 0.02, 0.04)
SEEDS = (1, 2, 3)


def main():
    """Make all runs and keep them."""
    parts, vocab_size, settings = text_parts()
    runs = []
    for d_ff, rate, seed in tqdm(list(product(WIDTHS, RATES, SEEDS)), unit="run"):
        made = run(parts, vocab_size, WINDOW, rate=rate, seed=seed, d_ff=d_ff, steps=STEPS)
        runs.append({"arm": f"d_ff {d_ff}", "d_ff": d_ff, **made})
    settings |= {"window": WINDOW, "d_embed": D_EMBED, "batch_size": BATCH_SIZE, "steps": STEPS}
    print(results.keep("scaling", runs, settings=settings | {"rates": RATES}))


if __name__ == "__main__":
    start("scaling", main, __doc__)
