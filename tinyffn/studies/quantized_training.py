"""A small transformer in few bits: rounded after training, trained in signs, or tuned in signs.

    python -m tinyffn.studies.quantized_training

makes all runs, about half an hour on one core, and keeps them in `results/quantized_training.json`.

Text, sizes and steps are those of the study of ablations, and its arm with GELU is the model here.
In few bits are feed-forward layers, or these and the projections of attention; embeddings, norms,
biases and the map to the vocabulary are float32. Arms of one seed share batches and first weights.
Each arm's rate is chosen on a validation part, which neither trains a model nor scores it.
"""

import copy
import math
from functools import partial

import numpy as np
from tqdm import tqdm

from tinyffn import nn
from tinyffn.bits.schemes import binary
from tinyffn.bits.ternary import ternary
from tinyffn.bits.uniform import absmax
from tinyffn.data import documentation, fingerprint
from tinyffn.memory import keep_freed_memory
from tinyffn.studies import ablations, language, results
from tinyffn.studies.command import start
from tinyffn.studies.held_out import held_out_bits
from tinyffn.studies.latent import (
    by_latent_weights,
    codes_of,
    rounded_after_training,
    share_changed,
)
from tinyffn.train import History

SEEDS = (1, 2, 3)
RATES = (0.008, 0.016, 0.0226, 0.032, 0.045)
STEPS = 600
TUNING_STEPS = STEPS // 10
TUNING_RATES = (0.002, 0.004, 0.008, 0.016, 0.032)
FLOAT = "float32"

_signs = nn.BinaryLinear.from_linear
_ternary = partial(nn.QuantizedLinear.from_linear, scheme=ternary)

# Trained so from the start: what takes the place of a Linear, and of which.
TRAINED = {
    FLOAT: None,
    "signs in FFN": (_signs, "ffn"),
    "signs": (_signs, "all"),
    "ternary": (_ternary, "all"),
    "BitLinear b1.58": (nn.BitLinear.from_linear, "all"),
    "BitLinear b1.58 without norm": (partial(nn.BitLinear.from_linear, norm=None), "all"),
}
# Rounded after training in float32, all with one scale for each column.
ROUNDED = {
    "signs in FFN": (binary, "ffn"),
    "signs in attention": (binary, "attention"),
    "signs": (binary, "all"),
    "ternary": (ternary, "all"),
    "2 bits": (partial(absmax, bits=2), "all"),
    "3 bits": (partial(absmax, bits=3), "all"),
    "4 bits": (partial(absmax, bits=4), "all"),
}
# A tenth of the steps: after training in float32, and, for comparison, from nothing.
TUNED = {"signs in FFN": (_signs, "ffn"), "signs": (_signs, "all")}


def new_model(seed):
    """The float32 model before training: from its weights all arms of a seed begin."""
    return ablations.new_model(ablations.BASE, seed, len(ablations.material()[0]))


def in_bits(model, how):
    """The model with its chosen layers replaced, in place; None leaves them."""
    if how is not None:
        make, which = how
        nn.replace_linears(model, make, which=which)
    return model


def train(model, seed, rate, *, steps, stop=None, progress=False):
    """AdamW with warm-up and cosine, as in studies/language.py.

    Returns    the History, or None if the numbers grew infinite
    """
    characters, (train_ids, _, test) = ablations.material()
    rng, history = np.random.default_rng([seed, 1]), History()
    study = language.TextStudy(
        characters, train_ids, test, model, ablations.SIZES, rng, history
    )
    with np.errstate(over="ignore", invalid="ignore"):
        try:
            language.train(
                study, steps=steps, rate=rate, stop=stop, evaluate_every=max(1, steps // 10),
                progress=progress,
            )  # fmt: skip
        except FloatingPointError:
            return None
    return history


def measured(model):
    """Bits per character: value on the test part, choose on the part that chooses rates."""
    _, (_, validation, test) = ablations.material()
    return {
        "value": round(held_out_bits(model, test), 4),
        "choose": round(held_out_bits(model, validation), 4),
    }


def run(arm, seed, rate, *, stop=None, progress=False):
    """Train one arm at one rate on one seed, or the first `stop` of its STEPS steps.

    Returns    (the run, the model). The run: arm, seed, rate, what `measured` gives, n_parameters,
               curve (bits on the test part's first 8,000 characters after each tenth of the steps),
               and for arms in few bits `latent`, the bits if latent weights take the place of the
               rounded ones, and `changed`, the share of codes that training has changed, in percent
    """
    model = in_bits(new_model(seed), TRAINED[arm])
    return _trained(arm, model, seed, rate, STEPS, stop=stop, progress=progress), model


def tuned(arm, model, seed, rate, *, progress=False):
    """TUNING_STEPS steps in signs, of a model that may have been trained in float32 before.

    Arguments  arm: one of TUNED; model: a float32 model, which is changed
    Returns    as the run of `run`
    """
    model = in_bits(model, TUNED[arm])
    return _trained(arm, model, seed, rate, TUNING_STEPS, progress=progress)


def rounded(arm, model):
    """A float32 model rounded after training: what `measured` gives of it."""
    scheme, which = ROUNDED[arm]
    return measured(rounded_after_training(model, scheme, which=which))


def one_by_one(model):
    """What signs cost in each matrix alone: {name: bits per character on the validation part}."""
    _, (_, validation, _) = ablations.material()
    bits = {}
    for name in [name for name, _ in dense_layers(model)]:
        alone = rounded_after_training(model, binary, which=lambda other, name=name: other == name)
        bits[name] = round(held_out_bits(alone, validation), 4)
    return bits


def dense_layers(model):
    """The (name, layer) of feed-forward layers and projections of attention."""
    parts = model.named_modules()
    return [(n, p) for n, p in parts if isinstance(p, nn.Linear) and n.startswith("blocks.")]


def _trained(arm, model, seed, rate, steps, *, stop=None, progress=False):
    in_few_bits = any(isinstance(part, nn.QuantizedLinear) for part in model.modules())
    before = codes_of(model) if in_few_bits else None
    found = {"arm": arm, "seed": seed, "rate": rate, "n_parameters": model.n_parameters()}
    history = train(model, seed, rate, steps=steps, stop=stop, progress=progress)
    if history is None:
        return {**found, "value": None, "choose": None}
    found |= measured(model)
    found["curve"] = [round(nats / math.log(2), 3) for nats in history.eval_loss]
    if in_few_bits:
        test = ablations.material()[1][2]
        found["latent"] = round(held_out_bits(by_latent_weights(model), test), 4)
        found["changed"] = round(100 * share_changed(before, codes_of(model)), 2)
    return found


def all_runs(*, progress=True):
    """Every run of the study."""
    runs, models = [], {}
    plan = [(arm, seed, rate) for arm in TRAINED for rate in RATES for seed in SEEDS]
    for arm, seed, rate in tqdm(plan, unit="run", disable=not progress):
        found, model = run(arm, seed, rate)
        runs.append({**found, "arm": f"trained: {arm}"})
        if arm == FLOAT and found["value"] is not None:
            models[seed, rate] = model
            runs[-1]["one by one"] = one_by_one(model)
    for (seed, rate), model in models.items():
        for arm in ROUNDED:
            found = rounded(arm, model)
            runs.append({"arm": f"rounded: {arm}", "seed": seed, "rate": rate, **found})
    of_float = [each for each in runs if each["arm"] == f"trained: {FLOAT}"]
    best = results.best_rates(of_float, choose_by="choose")[f"trained: {FLOAT}"]
    plan = [(arm, seed, rate) for arm in TUNED for rate in TUNING_RATES for seed in SEEDS]
    for arm, seed, rate in tqdm(plan, unit="run", disable=not progress):
        starts = {"tuned": copy.deepcopy(models[seed, best]), "from nothing": new_model(seed)}
        for way, model in starts.items():
            found = tuned(arm, model, seed, rate)
            runs.append({**found, "arm": f"{way}: {arm}"})
    return runs


def main():
    """Make all runs and keep them."""
    keep_freed_memory()
    settings = {
        **ablations.SIZES,
        "n_layers": ablations.ARMS[ablations.BASE]["n_layers"],
        "d_ff": ablations.ARMS[ablations.BASE]["d_ff"],
        "steps": STEPS,
        "steps of tuned and from nothing": TUNING_STEPS,
        "batch_size": language.BATCH_SIZE,
        "rates": RATES,
        "rates of tuned and from nothing": TUNING_RATES,
        "text": fingerprint(documentation()),
        "value": "bits per character on the test part",
    }
    print(results.keep("quantized_training", all_runs(), settings=settings))


if __name__ == "__main__":
    start("quantized_training", main, __doc__)
