"""How many characters should a window MLP read? Each window at its own best rate, on real text.

`python -m tinyffn.studies.windows` makes the runs of `results/windows.json`, in a few minutes.
"""

import math
from itertools import product

import numpy as np
from tqdm import tqdm

from tinyffn.data import Characters, documentation, fingerprint, random_contexts, split
from tinyffn.models import WindowMLP
from tinyffn.optim import AdamW, warmup_cosine
from tinyffn.studies import results
from tinyffn.studies.counts import witten_bell_bits
from tinyffn.studies.held_out import window_bits
from tinyffn.train import fit

D_EMBED = 16
D_FF = 128
BATCH_SIZE = 128
STEPS = 1500
LONGEST = 16  # the longest window: all windows learn and are scored on the same characters

WINDOWS = {"1": 1, "2": 2, "4": 4, "8": 8, "16": 16, "16, as small as 4": 16}
NARROW = {"16, as small as 4": 60}  # d_ff where it is not D_FF: as many parameters as window 4
RATES = (0.005, 0.01, 0.02, 0.04)
SEEDS = (1, 2, 3)
LONG_STEPS = 10 * STEPS
LONG_RATES = (0.005, 0.01, 0.02)


def train_window(model, ids, *, rate, rng, steps=STEPS, stop=None, **settings):
    """Train a WindowMLP on ids (T) with Adam, and a rate that rises to `rate` and falls again.

    The rate warms up over a twentieth of the steps, then falls along a cosine to a twentieth of
    itself. Models of any window draw the same targets from one generator.

    Arguments  stop: end after so many of the steps, as if interrupted; settings: for train.fit
    Returns    the History
    """
    batches = random_contexts(ids, batch_size=BATCH_SIZE, window=LONGEST, rng=rng)
    shortest = LONGEST - model.window
    return fit(
        model,
        model.loss,
        ((contexts[:, shortest:], targets) for contexts, targets in batches),
        AdamW(model.parameters(), rate, weight_decay=0.0),
        steps=steps if stop is None else stop,
        schedule=warmup_cosine(rate, warmup_steps=steps // 20, total_steps=steps, final=rate / 20),
        **settings,
    )


def scored(ids, window):
    """The part of ids (T) on which this window is scored: targets are those of the longest."""
    return ids[LONGEST - window :]


def run(parts, vocab_size, window, *, rate, seed, d_ff=D_FF, steps=STEPS, stop=None):
    """Train one model and score it: a run as studies/results.py keeps it, but for its arm.

    The seed decides the first values of the model and, apart from them, the order of the batches.

    Arguments  parts: training and test ids
    Returns    {seed, rate, value, n_parameters, curve}: value is bits per character on the test
               part; curve has them on its first 8,000 characters after every tenth of the steps
    """
    train, test = parts
    model = WindowMLP(vocab_size, window, D_EMBED, d_ff, rng=np.random.default_rng(seed))
    history = train_window(
        model, train, rate=rate, rng=np.random.default_rng([seed, 1]), steps=steps, stop=stop,
        evaluate=lambda: window_bits(model, scored(test[:8000], window)) * math.log(2),
        evaluate_every=max(1, steps // 10), progress=False,
    )  # fmt: skip
    return {
        "seed": seed,
        "rate": rate,
        "value": round(window_bits(model, scored(test, window)), 4),
        "n_parameters": model.n_parameters(),
        "curve": [round(nats / math.log(2), 4) for nats in history.eval_loss],
    }


def text_parts():
    """Python's documentation as (training ids, test ids), its vocabulary's size, and settings."""
    text = documentation()
    characters = Characters(text)
    settings = {"text": fingerprint(text), "characters": len(text), "vocab_size": len(characters)}
    return split(characters.encode(text)), len(characters), settings


def count_bits(parts, vocab_size):
    """Bits per character of counts after 0 to 6 characters, on the same text: the rivals."""
    train, test = parts
    return [round(bits, 4) for bits in witten_bell_bits(train, test, vocab_size, context=6)]


def main():
    """Make all runs and keep them."""
    parts, vocab_size, settings = text_parts()
    jobs = [(a, STEPS, r, s) for a, r, s in product(WINDOWS, RATES, SEEDS)]
    jobs += [(a, LONG_STEPS, r, s) for a, r, s in product(["4", "8", "16"], LONG_RATES, SEEDS)]
    runs = []
    for arm, steps, rate, seed in tqdm(jobs, unit="run"):
        sizes = {"d_ff": NARROW.get(arm, D_FF), "steps": steps}
        made = run(parts, vocab_size, WINDOWS[arm], rate=rate, seed=seed, **sizes)
        name = arm if steps == STEPS else f"{arm}, {steps:,} steps"
        runs.append({"arm": name, "window": WINDOWS[arm], **sizes, **made})
    settings |= {"d_embed": D_EMBED, "batch_size": BATCH_SIZE, "rates": RATES}
    settings |= {"long_rates": LONG_RATES, "counts": count_bits(parts, vocab_size)}
    print(results.keep("windows", runs, settings=settings))


if __name__ == "__main__":
    main()
