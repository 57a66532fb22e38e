"""Digits in few bits: rounded after training, trained in signs, or trained a little more in signs.

    python -m tinyffn.studies.quantized_digits

makes all runs, about a quarter of an hour on one core, and keeps them in
`results/quantized_digits.json`.

The model is an MLP of widths 256, 256, 256, 10. Its two hidden layers are in few bits; the last one
and all biases are float32. Arms of one seed share pictures, their order and the first weights. Each
arm is reported on a family of fonts of which it saw nothing, at its own best rate, chosen on other
pictures.
"""

from functools import cache, partial

import numpy as np
from tqdm import tqdm

from tinyffn import nn
from tinyffn.bits.schemes import binary
from tinyffn.bits.ternary import ternary
from tinyffn.bits.uniform import absmax
from tinyffn.data import random_batches
from tinyffn.memory import keep_freed_memory
from tinyffn.models import MLP
from tinyffn.optim import Adam
from tinyffn.studies import results
from tinyffn.studies.command import start
from tinyffn.studies.digits import digit_sets, share_right
from tinyffn.studies.latent import (
    by_latent_weights,
    codes_of,
    rounded_after_training,
    share_changed,
)
from tinyffn.train import History, fit

SEEDS = (1, 2, 3)
N_TRAIN = 20_000
BATCH_SIZE = 125
EPOCH = N_TRAIN // BATCH_SIZE
STEPS = 10 * EPOCH
RATES = (3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1)
WIDTHS = (256, 256, 256, 10)
FLOAT = "float32"


def _normalised(linear):
    return nn.Sequential(nn.LayerNorm(len(linear.w.data)), linear)


def _binary_connect(linear):
    layer = nn.BinaryLinear.from_linear(linear, per=None)
    return nn.Sequential(layer, nn.LayerNorm(linear.w.shape[1]))


# Trained so from the start: what takes the place of each hidden Linear.
TRAINED = {
    FLOAT: None,
    "float32 after a norm": _normalised,
    "signs": nn.BinaryLinear.from_linear,
    "ternary": partial(nn.QuantizedLinear.from_linear, scheme=ternary),
    "BinaryConnect": _binary_connect,
    "BitLinear b1": partial(nn.BitLinear.from_linear, weights="b1"),
    "BitLinear b1.58": partial(nn.BitLinear.from_linear, weights="b1.58"),
    "XNOR": nn.XnorLinear.from_linear,
}
# Rounded after training in float32, all with one scale for each column.
SCHEMES = {
    "signs": binary,
    "ternary": ternary,
    "2 bits": partial(absmax, bits=2),
    "3 bits": partial(absmax, bits=3),
    "4 bits": partial(absmax, bits=4),
}
# One epoch: after training in float32, and, for comparison, from nothing.
TUNED = ("signs", "ternary")


@cache
def material(seed):
    """The pictures of a seed, {name: (pictures, labels)}: see digits.digit_sets."""
    return digit_sets(seed, n_train=N_TRAIN)


def new_model(arm, seed):
    """The model of an arm before training; latent weights are those of the float32 model."""
    model = MLP(WIDTHS, rng=np.random.default_rng(seed))
    return in_bits(model, TRAINED[arm])


def in_bits(model, make):
    """The model with its two hidden layers replaced, in place; None leaves them."""
    if make is not None:
        nn.replace_linears(model, make, which=is_hidden)
    return model


def is_hidden(name):
    """Whether this is the name of a hidden layer of the MLP."""
    return name in ("layers.0", "layers.1")


def train(model, seed, rate, *, steps, stop=None, progress=False):
    """Adam, with a rate that falls in a straight line to 0 over the steps.

    Latent weights of layers without a scale are kept within [-1, 1].

    Returns    the History, or None if the numbers grew infinite. Its eval_loss is the share of
               wrong answers on `known faces`, after each tenth of the steps
    """
    clips = any(isinstance(p, nn.BinaryLinear) for p in model.modules())
    history = History()
    with np.errstate(over="ignore", invalid="ignore"):
        try:
            fit(
                model,
                model.loss,
                random_batches(
                    *material(seed)["train"],
                    batch_size=BATCH_SIZE,
                    rng=np.random.default_rng([seed, 1]),
                ),
                Adam(model.parameters(), rate),
                steps=steps if stop is None else stop,
                schedule=lambda step: rate * (1 - step / steps),
                after_step=lambda step: nn.clip_latent(model) if clips else None,
                evaluate=lambda: 1 - share_right(model, *material(seed)["known faces"]),
                evaluate_every=max(1, steps // 10),
                history=history,
                progress=progress,
            )
        except FloatingPointError:
            return None
    return history


def measured(model, seed):
    """Right answers in percent: `value` on new faces, `known` on known ones, `choose` for rates."""
    sets = {"value": "new faces", "known": "known faces", "choose": "choose"}
    return {
        key: round(100 * share_right(model, *material(seed)[name]), 2)
        for key, name in sets.items()
    }


def run(arm, seed, rate, *, stop=None, progress=False):
    """Train one arm at one rate on one seed, or the first `stop` of its STEPS steps.

    Returns    (the run, the model). The run: arm, seed, rate, what `measured` gives, n_parameters,
               curve (right answers on known faces after each tenth), and for arms in few bits
               `latent`, right answers if latent weights take the place of the rounded ones, and
               `changed`, the share of codes that training has changed, in percent
    """
    model = new_model(arm, seed)
    return _trained(arm, model, seed, rate, STEPS, stop=stop, progress=progress), model


def tuned(arm, model, seed, rate, *, progress=False):
    """One epoch more, in few bits, of a model that may have been trained in float32 before.

    Arguments  arm: one of SCHEMES; model: a float32 model, which is left as it is
    Returns    as the run of `run`
    """
    model = rounded_after_training(model, SCHEMES[arm], which=is_hidden)
    return _trained(arm, model, seed, rate, EPOCH, progress=progress)


def rounded(arm, model, seed):
    """A float32 model rounded after training: what `measured` gives of it."""
    model = rounded_after_training(model, SCHEMES[arm], which=is_hidden)
    return measured(model, seed)


def _trained(arm, model, seed, rate, steps, *, stop=None, progress=False):
    in_few_bits = any(isinstance(part, nn.QuantizedLinear) for part in model.modules())
    before = codes_of(model) if in_few_bits else None
    n_parameters = model.n_parameters()
    history = train(model, seed, rate, steps=steps, stop=stop, progress=progress)
    found = {"arm": arm, "seed": seed, "rate": rate, "n_parameters": n_parameters}
    if history is None:
        return {**found, "value": None, "known": None, "choose": None}
    found |= measured(model, seed)
    found["curve"] = [round(100 * (1 - wrong), 2) for wrong in history.eval_loss]
    if in_few_bits:
        found["latent"] = measured(by_latent_weights(model), seed)["value"]
        found["changed"] = round(100 * share_changed(before, codes_of(model)), 2)
    return found


def all_runs(*, progress=True):
    """Every run of the study."""
    runs, models = [], {}
    plan = [(arm, seed, rate) for arm in TRAINED for rate in RATES for seed in SEEDS]
    for arm, seed, rate in tqdm(plan, unit="run", disable=not progress):
        found, model = run(arm, seed, rate)
        runs.append({**found, "arm": f"trained: {arm}"})
        if arm == FLOAT:
            models[seed, rate] = model
    for (seed, rate), model in models.items():
        for arm in SCHEMES:
            found = rounded(arm, model, seed)
            runs.append({"arm": f"rounded: {arm}", "seed": seed, "rate": rate, **found})
    of_float = [each for each in runs if each["arm"] == f"trained: {FLOAT}"]
    best = results.best_rates(of_float, best=max, choose_by="choose")[f"trained: {FLOAT}"]
    plan = [(arm, seed, rate) for arm in TUNED for rate in RATES for seed in SEEDS]
    for arm, seed, rate in tqdm(plan, unit="run", disable=not progress):
        for way, model in (("tuned", models[seed, best]), ("one epoch", new_model(FLOAT, seed))):
            found = tuned(arm, model, seed, rate)
            runs.append({**found, "arm": f"{way}: {arm}"})
    return runs


def main():
    """Make all runs and keep them."""
    keep_freed_memory()
    settings = {
        "widths": WIDTHS,
        "n_train": N_TRAIN,
        "batch_size": BATCH_SIZE,
        "steps": STEPS,
        "steps of tuned and one epoch": EPOCH,
        "rates": RATES,
        "value": "right answers on pictures of new faces, in percent",
    }
    print(results.keep("quantized_digits", all_runs(), settings=settings))


if __name__ == "__main__":
    start("quantized_digits", main, __doc__)
