"""How many characters should a window MLP read? Each window at its own best rate, on real text.

`python -m tinyffn.studies.windows` makes the runs of `results/windows.json`, in about a quarter of
an hour.
"""

import math
from itertools import product

import numpy as np
from tqdm import tqdm

from tinyffn.data import Characters, documentation, fingerprint, random_contexts, split
from tinyffn.models import WindowMLP
from tinyffn.optim import AdamW, warmup_cosine
from tinyffn.studies import results
from tinyffn.studies.command import start
from tinyffn.studies.counts import witten_bell_bits
from tinyffn.studies.held_out import window_bits
from tinyffn.train import fit

D_EMBED = 16
D_FF = 128
BATCH_SIZE = 128
STEPS = 1500
LONGEST = 16  # the longest window: all windows learn and are scored on the same characters

ARMS = {str(window): {"window": window} for window in (1, 2, 4, 8, 16)}
ARMS["16, as small as 4"] = {"window": 16, "d_ff": 60}  # as many parameters as window 4
ARMS["16, starting as 4"] = {"window": 16, "starts_as": 4}
ARMS["16, far places quiet"] = {"window": 16, "loud": 4}
QUIET = 0.1
RATES = (0.005, 0.01, 0.02, 0.04)
SEEDS = (1, 2, 3)
LONG_STEPS = 10 * STEPS
LONG_RATES = (0.005, 0.01, 0.02, 0.04)
LONG = ("4", "8", "16")


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


def widened(model, window):
    """A WindowMLP with a longer window that says what `model` says: it ignores the older places.

    Their rows of `up.w` are 0, and all else is a copy of the model's. Training may move them.
    """
    (vocab_size, d_embed), d_ff = model.token.table.shape, model.up.w.shape[1]
    wide = WindowMLP(vocab_size, window, d_embed, d_ff, rng=np.random.default_rng(0))
    for name, parameter in model.named_parameters():
        new = dict(wide.named_parameters())[name].data
        new[:] = 0
        new[len(new) - len(parameter.data) :] = parameter.data
    return wide


class Fading(WindowMLP):
    """A WindowMLP to which all but the last `loud` places speak quietly: a tenth of their vectors.

    So a step of the optimiser, which moves all weights of `up` by about as much, changes what the
    far places do by a tenth of what it changes of the near ones.
    """

    def __init__(self, vocab_size, window, d_embed, d_ff, *, loud, rng):
        super().__init__(vocab_size, window, d_embed, d_ff, rng=rng)
        self.volume = np.full((window, 1), QUIET, np.float32)
        self.volume[window - loud :] = 1

    def vectors(self, ids):
        """The vector of each place times its volume."""
        return self.token(ids) * self.volume


def first(vocab_size, window, *, seed, d_ff=D_FF, starts_as=None, loud=None):
    """An untrained network of an arm.

    Arguments  starts_as: the window of the network that it starts as; loud: as for Fading
    """
    rng = np.random.default_rng(seed)
    if loud:
        return Fading(vocab_size, window, D_EMBED, d_ff, loud=loud, rng=rng)
    model = WindowMLP(vocab_size, starts_as or window, D_EMBED, d_ff, rng=rng)
    return widened(model, window) if starts_as else model


def run(parts, vocab_size, window, *, rate, seed, d_ff=D_FF, steps=STEPS, stop=None):
    """Make and train one model, and score it: see `run_model`. The seed decides its first values.

    Arguments  parts: training and test ids
    """
    model = first(vocab_size, window, seed=seed, d_ff=d_ff)
    return run_model(model, parts, rate=rate, seed=seed, steps=steps, stop=stop)


def run_model(model, parts, *, rate, seed, steps=STEPS, stop=None):
    """Train a model and score it: a run as studies/results.py keeps it, but for its arm.

    The seed decides the order of the batches.

    Returns    {seed, rate, value, n_parameters, curve}: value is bits per character on the test
               part; curve has them on its first 8,000 characters after every tenth of the steps
    """
    train, test = parts
    window = model.window
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


def jobs():
    """All (arm, steps, rate, seed), in the order in which they are kept."""
    short = product(ARMS, [STEPS], RATES, SEEDS)
    return [*short, *product(LONG, [LONG_STEPS], LONG_RATES, SEEDS)]


def make(parts, vocab_size, arm, steps, rate, seed):
    """One job: the model, and its run as it is kept."""
    model = first(vocab_size, **ARMS[arm], seed=seed)
    made = run_model(model, parts, rate=rate, seed=seed, steps=steps)
    name = arm if steps == STEPS else f"{arm}, {steps:,} steps"
    sizes = {"window": model.window, "d_ff": model.up.w.shape[1], "steps": steps}
    return model, {"arm": name, **sizes, **made}


def main():
    """Make all runs and keep them; those at each arm's best rate are scored in training, too."""
    parts, vocab_size, settings = text_parts()
    made_ones = [make(parts, vocab_size, *job) for job in tqdm(jobs(), unit="run")]
    runs = [made for _, made in made_ones]
    best = results.best_rates(runs)
    for model, made in made_ones:
        if made["rate"] == best[made["arm"]]:
            made["training"] = on_training(model, parts)
    settings |= {"d_embed": D_EMBED, "batch_size": BATCH_SIZE, "rates": RATES}
    settings |= {"long_rates": LONG_RATES, "counts": count_bits(parts, vocab_size)}
    print(results.keep("windows", runs, settings=settings))


def on_training(model, parts):
    """Bits per character on the training part, all of it: by heart or not."""
    return round(window_bits(model, scored(parts[0], model.window)), 4)


if __name__ == "__main__":
    start("windows", main, __doc__)
