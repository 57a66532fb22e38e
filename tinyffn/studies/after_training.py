"""How far does cleverness without training go? Finished language models, rounded in many ways.

    python -m tinyffn.studies.after_training

makes all runs, a quarter of an hour on one core, and keeps them in `results/after_training.json`,
in two parts: see `kept`.

    small    three models, trained here: a seed is a model, and the text that it is rounded by
    shipped  the model of Python's documentation that ships trained. It is one model; a seed is the
             text that it is rounded by. What needs no text is the same for each: it stands once, in
             the settings

`rate` is what an arm adds to the diagonal of the second moment, a share of its mean: its damping.
It is chosen on the small models, by a part of the text that neither trains nor scores them; the
settings hold what each damping gave there. Runs are those with the damping that was chosen.
"""

import functools
from contextlib import ExitStack
from typing import Any

import numpy as np
from tqdm import tqdm

from tinyffn import ops
from tinyffn.bits.rank_one import rank_one
from tinyffn.bits.repair import repaired
from tinyffn.bits.second_moment import output_error
from tinyffn.data import documentation, fingerprint, random_windows
from tinyffn.memory import keep_freed_memory
from tinyffn.models import transformer
from tinyffn.studies import language, results, trained
from tinyffn.studies.ablations import material
from tinyffn.studies.after_training_arms import (
    DAMPED,
    FLOAT,
    GROUP,
    PLAIN,
    SCALED,
    SCHEMES,
    Arm,
)
from tinyffn.studies.calibration import in_short, layer_inputs, layer_reads, places, stages
from tinyffn.studies.command import start
from tinyffn.studies.counts import witten_bell_bits
from tinyffn.studies.held_out import held_out_bits
from tinyffn.studies.keyvalue.memories import replaced
from tinyffn.studies.rounding import METHODS
from tinyffn.train import History

SEEDS = (1, 2, 3)
SIZES = {"context": 64, "d_model": 64, "n_heads": 4, "d_ff": 256, "n_layers": 2}
STEPS, RATE = 1500, 0.016  # the best of .0113, .016, .0226 and .032 on the validation part
N_SAMPLE = 8192  # characters of the training part, in windows of a whole context
N_TEST, N_VALIDATION = 20_000, 8_000  # from the front of these parts
DAMPINGS = (0.001, 0.01, 0.1, 1.0, 10.0)
NO_DAMPING = 0.0


@functools.cache
def small_model(seed):
    """One of the models that are trained here. Whoever changes it must put it back."""
    characters, (train, _, test) = material()
    model = transformer(
        len(characters), rng=np.random.default_rng([seed, 4]), activation=ops.relu, **SIZES
    )
    rng = np.random.default_rng([seed, 1])
    study = language.TextStudy(characters, train, test, model, SIZES, rng, History())
    language.train(study, steps=STEPS, rate=RATE, evaluate_every=STEPS, progress=False)
    return model.eval()


@functools.cache
def shipped_model():
    """The model that ships trained: it saw the whole training part, so nothing is chosen by it."""
    return trained.load("documentation")[0]


@functools.cache
def sample(subject, seed):
    """The model of a subject, and N_SAMPLE characters by which it is rounded: ids (B, context).

    Arguments  subject: "small" or "shipped"
    Errors     ValueError if it is neither
    """
    if subject not in ("small", "shipped"):
        raise ValueError(f'sample: subject is {subject!r}, but must be "small" or "shipped"')
    model = small_model(seed) if subject == "small" else shipped_model()
    train = material()[1][0]
    rng = np.random.default_rng([seed, 5])
    windows = random_windows(
        train, batch_size=N_SAMPLE // model.context, length=model.context, rng=rng
    )
    return model, next(windows)[0]


@functools.cache
def inputs_of(subject, seed):
    """What every layer of the model that is not rounded is given, on the sample: {name: Inputs}."""
    model, ids = sample(subject, seed)
    return layer_inputs(model, ids, places(model))


@functools.lru_cache(maxsize=1)  # large
def reads_of(subject, seed):
    """All that every layer of the model that is not rounded is given: {name: array (n, d_in)}."""
    model, ids = sample(subject, seed)
    return layer_reads(model, ids, places(model))


def rounded_weights(subject, seed, arm, damping=NO_DAMPING):
    """The weights of an arm: {name of a place: array}, for all layers that it rounds."""
    model, ids = sample(subject, seed)
    how, _, method = arm.method.rpartition(": ")
    weights = {}
    with ExitStack() as changes:
        for stage in stages(model, arm.which):
            first = stage[0].name  # all layers of a stage are given the same
            old, inputs = [place.layer.w.data for place in stage], inputs_of(subject, seed)[first]
            if how:
                z = layer_reads(model, ids, stage[:1])[first]
                inputs = in_short(z)
                if how == "repair":
                    cross = reads_of(subject, seed)[first].T @ z / len(z)
                    old = [repaired(w, inputs.second_moment, cross, damping=damping) for w in old]
            new = METHODS[method](old, inputs, SCHEMES[arm.scheme], damping)
            for place, w in zip(stage, new, strict=True):
                weights[place.name] = w
                changes.enter_context(replaced(place.layer.w, "data", w))
    return weights


def run(subject, arm, seed, damping=NO_DAMPING) -> dict[str, Any]:
    """Round the model of a subject as an arm says, and score it.

    Returns    {arm, seed, rate, value, validation, lost}: bits per character on the front of the
               test part and of the validation part (of small models alone); the share of a layer's
               output that is lost for the inputs of the sample, a mean over all rounded layers
    """
    model, _ = sample(subject, seed)
    inputs = inputs_of(subject, seed)
    weights = {} if arm == FLOAT else rounded_weights(subject, seed, arm, damping)
    at = {place.name: place.layer for place in places(model)}
    lost = [
        output_error(at[name].w.data, w, inputs[name].second_moment) for name, w in weights.items()
    ]
    _, (_, validation, test) = material()
    with ExitStack() as changes:
        for name, w in weights.items():
            changes.enter_context(replaced(at[name].w, "data", w))
        value = held_out_bits(model, test[:N_TEST])
        chosen_by = {}
        if subject == "small":
            chosen_by["validation"] = round(held_out_bits(model, validation[:N_VALIDATION]), 3)
    return {
        "arm": f"{subject}: {arm}",
        "seed": seed,
        "rate": damping,
        "value": round(value, 3),
        **chosen_by,
        "lost": round(float(np.mean(lost)), 4) if lost else 0.0,
    }


def kept(subject, content=None):
    """The runs of "small" or "shipped", their arms named without it.

    What was run once, as no chance is in it, has seed None.

    Arguments  content: in place of results/after_training.json, a dict with runs and settings
    Errors     ValueError if there is no such subject
    """
    content = results.load("after_training") if content is None else content
    start = f"{subject}: "
    found = [
        {**each, "arm": each["arm"].removeprefix(start)}
        for each in [*content["settings"]["once"], *content["runs"]]
        if each["arm"].startswith(start)
    ]
    if not found:
        raise ValueError(f"after_training: there are no runs of {subject!r}")
    return found


def tuned(arm):
    """The runs of an arm on the small models, with the damping that did best on validation.

    Returns    (runs, {damping: mean bits on the validation part})
    """
    runs = [run("small", arm, seed, damping) for damping in DAMPINGS for seed in SEEDS]
    (best,) = results.best_rates(runs, choose_by="validation").values()
    means = {}
    for damping in DAMPINGS:
        bits = [each["validation"] for each in runs if each["rate"] == damping]
        means[damping] = round(sum(bits) / len(bits), 3)
    return [r for r in runs if r["rate"] == best], means


def main():
    """All runs; keeps the results."""
    keep_freed_memory()
    singles = [Arm(place.name, "sign", "plain") for place in places(small_model(SEEDS[0]))]
    plan = (FLOAT, *PLAIN, *SCALED, *singles)
    small = [run("small", arm, seed) for arm in tqdm(plan, unit="arm") for seed in SEEDS]
    singles = [Arm(place.name, "sign", "plain") for place in places(shipped_model())]
    once = [run("shipped", arm, SEEDS[0]) | {"seed": None} for arm in (FLOAT, *PLAIN, *singles)]
    shipped = [run("shipped", arm, seed) for arm in SCALED for seed in SEEDS]
    validation = {}
    for arm in tqdm(DAMPED, unit="arm"):
        runs, validation[str(arm)] = tuned(arm)
        small += runs
        shipped += [run("shipped", arm, each["seed"], each["rate"]) for each in runs]
    settings = _settings(validation) | {"once": once}
    print(results.keep("after_training", small + shipped, settings=settings))


def _settings(validation):
    """What is true of all runs."""
    characters, (train, _, test) = material()
    letters, pairs = witten_bell_bits(train, test[:N_TEST], len(characters), context=1)
    w = np.random.default_rng(0).normal(size=(GROUP, GROUP))
    bits = {name: scheme(w).bits_per_weight() for name, scheme in SCHEMES.items()}
    layers = [place.layer.w.data for place in places(small_model(SEEDS[0]))]
    n_bits = [rank_one(w).bits_per_weight() * w.size for w in layers]
    bits["rank one"] = sum(n_bits) / sum(w.size for w in layers)
    return {
        "small": {**SIZES, "activation": "relu", "steps": STEPS, "rate": RATE},
        "seeds": SEEDS,
        "group": GROUP,
        "bits a weight": {name: round(n, 4) for name, n in bits.items()},
        "dampings": DAMPINGS,
        "sample": N_SAMPLE,
        "characters": {"validation": N_VALIDATION, "test": N_TEST},
        "bits of counts": {"letters": round(letters, 4), "after one letter": round(pairs, 4)},
        "text": fingerprint(documentation()),
        "value": "bits per character on the test part",
        "lost": "share of a layer's output, for the inputs of the model that is not rounded",
        "damping chosen by": "validation, on the small models, also for shipped",
        "validation": validation,
    }


if __name__ == "__main__":
    start("after_training", main, __doc__)
