"""Which ingredient of a training recipe does what? One small model, one text, one thing changed.

    python -m tinyffn.studies.recipe

An arm is the same model trained with one ingredient changed. Each arm runs at every rate of its
grid, on three seeds. A seed fixes the initial weights and the batches; all arms share both. Arms
are compared by their bits per character on held-out text after the last step. The same text is
used to choose each arm's best rate. A run that ends worse than guessing, or in infinite numbers,
counts as guessing.
"""

import functools
import math
import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from tqdm import tqdm

from tinyffn import data, nn, ops
from tinyffn.models import WindowMLP
from tinyffn.optim import (
    SGD,
    Adam,
    AdamW,
    Hypergradient,
    WeightAverage,
    clip_by_scale,
    reduce_on_plateau,
    warmup_cosine,
)
from tinyffn.studies.command import start
from tinyffn.studies.held_out import mean_bits
from tinyffn.studies.results import keep
from tinyffn.train import History, alike, counted_targets, fit

SEEDS = (1, 2, 3)
SIZES = {"window": 6, "d_embed": 16, "d_ff": 192}
STEPS, WARMUP, BATCH_SIZE, EVALUATE_EVERY = 600, 60, 64, 20
DAMAGE = 1 / 30  # the share of batches that are damaged, where some are
SHORT = 12_000  # characters of a text that is read three times over
PARTS, LINES, PART_STEPS = 32, 2, 100  # of batches that are cut into parts of a few lines each

SGD_RATES = (0.25, 0.5, 1.0, 2.0)
MOMENTUM_RATES = (0.02, 0.05, 0.1, 0.2)
ADAM_RATES = (0.004, 0.008, 0.016)
RATES = (0.001, 0.002, 0.004, 0.0057, 0.008, 0.0113, 0.016, 0.0226, 0.032)  # for the schedules
DRAWN = ("constant", "warm-up", "cosine", "warm-up and cosine")  # arms of which curves are kept


def no_schedule(rate, history):
    """The rate is left as it is."""
    return None


def warmup(rate, history):
    """A warm-up, then a constant rate."""
    return warmup_cosine(rate, warmup_steps=WARMUP, total_steps=STEPS, final=rate)


def cosine(rate, history):
    """Half a cosine from the first step on."""
    return warmup_cosine(rate, warmup_steps=0, total_steps=STEPS)


def both(rate, history):
    """A warm-up, then half a cosine."""
    return warmup_cosine(rate, warmup_steps=WARMUP, total_steps=STEPS)


def plateau(rate, history):
    """Half the rate when three evaluations in a row were no better."""
    return reduce_on_plateau(rate, history.eval_loss, factor=0.5, patience=2)


def published(rate, history):
    """2000 steps of warm-up, then a cosine to a tenth, as for LLaMA-1 (arXiv:2302.13971, 2.3)."""
    return warmup_cosine(rate, warmup_steps=2000, total_steps=250_000, final=rate / 10)


def shrunk(rate, history):
    """As `published`, but with the warm-up and the planned end of `both`."""
    return warmup_cosine(rate, warmup_steps=WARMUP, total_steps=STEPS, final=rate / 10)


@dataclass(frozen=True)
class Arm:
    """What one arm does, and at which rates it is tried."""

    rates: tuple[float, ...]
    optimizer: Callable = AdamW
    schedule: Callable = no_schedule
    max_norm: float = math.inf
    ratio: float = math.inf  # of clipping by scale
    damage: float = 0.0
    dropout: float = 0.0
    characters: int | None = None  # how much text there is: all, if None
    average: bool = False
    weight: Callable | None = None  # of parts, if each batch is cut into parts: see `ragged_parts`


momentum = functools.partial(SGD, momentum=0.9)
nesterov = functools.partial(SGD, momentum=0.9, nesterov=True)
strong_decay = functools.partial(AdamW, weight_decay=0.1)
llama = functools.partial(AdamW, weight_decay=0.1, betas=(0.9, 0.95))


def hypergradient(kind, beta, parameters, rate):
    """An optimiser of this kind that begins at this rate and changes it by itself."""
    return Hypergradient(kind(parameters, rate), beta=beta)


def arms():
    """All arms of the study: {name: Arm}."""
    found = {
        "constant": Arm(RATES, average=True),
        "warm-up": Arm(RATES, schedule=warmup),
        "cosine": Arm(RATES, schedule=cosine),
        "warm-up and cosine": Arm(RATES, schedule=both, average=True),
        "SGD": Arm(SGD_RATES, SGD),
        "momentum": Arm(MOMENTUM_RATES, momentum),
        "Nesterov": Arm(MOMENTUM_RATES, nesterov),
        "Adam": Arm(ADAM_RATES, Adam),
        "AdamW, decay 0.1": Arm(ADAM_RATES, strong_decay),
        "LLaMA-1": Arm((3e-4,), llama, published, max_norm=1.0),
        "LLaMA-1, our schedule": Arm((3e-4,), llama, shrunk, max_norm=1.0),
        "LLaMA-1, our peak": Arm((0.0226,), llama, published, max_norm=1.0),
        "LLaMA-1, our peak and schedule": Arm((0.0226,), llama, shrunk, max_norm=1.0),
        "parts weighed": Arm((0.008,), weight=counted_targets),
        "mean of means": Arm((0.008,), weight=alike),
        "plateau": Arm((0.008, 0.016, 0.032), schedule=plateau),
    }
    for name, kind, beta, rates in (
        ("SGD, hypergradient", SGD, 0.01, (0.1, 0.3, 1.0)),
        ("AdamW, hypergradient", AdamW, 1e-5, (0.001, 0.004, 0.008)),
    ):
        found[name] = Arm(rates, functools.partial(hypergradient, kind, beta))
    for name, kind, rates in (("SGD", SGD, SGD_RATES), ("AdamW", AdamW, ADAM_RATES)):
        for batches, damage in (("clean", 0.0), ("damaged", DAMAGE)):
            common = {"optimizer": kind, "damage": damage}
            found[f"{name}, {batches}"] = Arm(rates, **common)
            found[f"{name}, {batches}, clip 1.0"] = Arm(rates, max_norm=1.0, **common)
            found[f"{name}, {batches}, by scale"] = Arm(rates, ratio=0.1, **common)
    for share in (0.0, 0.1, 0.2, 0.5):
        found[f"much text, dropout {share:g}"] = Arm(ADAM_RATES, dropout=share)
        short = Arm((0.001, 0.002, 0.004, 0.008), dropout=share, characters=SHORT)
        found[f"short text, dropout {share:g}"] = short
    return found


@functools.cache
def material():
    """The vocabulary, the training ids, and 4,000 held-out examples (contexts, targets)."""
    characters = data.Characters(data.documentation())
    train, test = data.split(characters.encode(data.documentation()))
    contexts, targets = data.every_context(test, window=SIZES["window"])
    every = max(1, len(targets) // 4000)
    return characters, train, (contexts[::every], targets[::every])


def new_model(seed, *, dropout=0.0):
    """The model of all arms, as it is before training with this seed."""
    vocab_size = len(material()[0])
    activation = ops.relu
    if dropout:
        drop = nn.Dropout(dropout, rng=np.random.default_rng([seed, 3]))
        activation = nn.Sequential(ops.relu, drop)
    rng = np.random.default_rng(seed)
    return WindowMLP(vocab_size, **SIZES, rng=rng, activation=activation)


def new_batches(seed, *, damage=0.0, characters=None):
    """The batches of all arms with this seed, of which a share may be damaged."""
    vocabulary, train, _ = material()
    rng = np.random.default_rng([seed, 1])
    batches = data.random_contexts(
        train[:characters], batch_size=BATCH_SIZE, window=SIZES["window"], rng=rng
    )
    if damage:
        rng = np.random.default_rng([seed, 2])
        batches = data.damaged(batches, share=damage, vocab_size=len(vocabulary), rng=rng)
    return batches


def ragged_parts(seed):
    """Parts of two lines of text each, endless: the window at each place, and the targets."""
    vocabulary, train, _ = material()
    end, window = int(vocabulary.encode("\n")[0]), SIZES["window"]
    rng = np.random.default_rng([seed, 4])
    for ids, targets in data.random_lines(
        data.cut_lines(train, end=end), batch_size=LINES, end=end, rng=rng
    ):
        before = np.pad(ids, ((0, 0), (window - 1, 0)), constant_values=end)
        yield np.lib.stride_tricks.sliding_window_view(before, window, axis=1), targets


def held_out_bits(model):
    """Bits per character on the held-out examples."""
    return mean_bits(model, *material()[2], batch_size=1024)


def run(name, rate, seed, *, stop=STEPS, progress=False):
    """One arm at one rate on one seed, for the first `stop` of its steps, of which an arm whose
    batches are cut into parts has fewer.

    Returns    a dict with arm, seed, rate, value; curve: bits at every EVALUATE_EVERY steps; and,
               of arms that average, average and fading: bits of the mean of the parameters over
               the last quarter, and of one that forgets
    """
    arm = arms()[name]
    model, history = new_model(seed, dropout=arm.dropout), History()
    parameters = model.parameters()
    averages = {
        "average": WeightAverage(parameters, start=STEPS * 3 // 4),
        "fading": WeightAverage(parameters, decay=0.98),
    }

    if arm.weight:
        batches, stop = ragged_parts(seed), min(stop, PART_STEPS)
    else:
        batches = new_batches(seed, damage=arm.damage, characters=arm.characters)

    def before_step(step):
        if arm.ratio < math.inf:
            clip_by_scale(parameters, arm.ratio)

    def after_step(step):
        for average in averages.values() if arm.average else ():
            average.see(step)

    with warnings.catch_warnings(), np.errstate(all="ignore"):  # some runs end in infinity
        try:
            fit(
                model,
                model.loss,
                batches,
                arm.optimizer(parameters, rate),
                steps=stop,
                accumulate=PARTS if arm.weight else 1,
                weight=arm.weight,
                schedule=arm.schedule(rate, history),
                max_norm=arm.max_norm,
                before_step=before_step,
                after_step=after_step,
                evaluate=lambda: held_out_bits(model) * math.log(2),
                evaluate_every=EVALUATE_EVERY,
                history=history,
                progress=progress,
            )
        except FloatingPointError:
            history.eval_loss.append(math.inf)
    guessing = math.log2(len(material()[0]))
    curve = [round(min(nats / math.log(2), guessing), 4) for nats in history.eval_loss]
    found = {"arm": name, "seed": seed, "rate": rate, "value": curve[-1], "curve": curve}
    for key, average in averages.items() if arm.average and stop == STEPS else ():
        with average.applied():
            found[key] = round(held_out_bits(model), 4)
    return found


def steps_to(curve, bits):
    """After how many steps a curve is down at `bits`, in a straight line between evaluations.

    Returns    infinity if it never is
    """
    before = math.inf
    for k, now in enumerate(curve, start=1):
        if now <= bits:
            way = 1.0 if before == math.inf else (before - bits) / (before - now)
            return (k - 1 + way) * EVALUATE_EVERY
        before = now
    return math.inf


def main():
    """Run all arms and keep what they gave."""
    todo = [(name, rate, s) for name, arm in arms().items() for rate in arm.rates for s in SEEDS]
    runs = [run(*one) for one in tqdm(todo, unit="run")]
    for found in (each for each in runs if each["arm"] not in DRAWN):
        del found["curve"]
    settings = {
        **SIZES,
        "n_parameters": new_model(0).n_parameters(),
        "steps": STEPS,
        "warmup": WARMUP,
        "batch_size": BATCH_SIZE,
        "parts": PARTS,
        "lines": LINES,
        "part_steps": PART_STEPS,
        "evaluate_every": EVALUATE_EVERY,
        "text": data.fingerprint(data.documentation()),
        "short": SHORT,
        "unit": "bits per character",
    }
    print(keep("recipe", runs, settings=settings))


if __name__ == "__main__":
    start("recipe", main, __doc__)
