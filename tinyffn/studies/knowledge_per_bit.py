"""How many bits of facts does a bit of memory hold? From float32 to signs, in a layer filled up.

    python -m tinyffn.studies.knowledge_per_bit

fills a layer with more and more random facts, of 4 bits each, in many ways of storing its weights,
half an hour on one core, and keeps the results in `results/knowledge_per_bit.json`.

    trained in float32, then stored    in 32 or 16 bits, or rounded: int8, int4, int3, ternary and
                                       sign, plain or with compensated errors
    trained in few bits                int4, ternary and sign

A layer in few bits holds fewer facts, so each way of storing is asked with its own numbers of
facts, up to where it holds less again. Then bits of facts are divided by bits of memory: codes, at
log2(levels) each, and one float16 scale for each column of 64 weights. The 16 label vectors stay
outside, for all alike.

Varied are the scales (one for each matrix) and the training (4,000 exposures in place of 1,000).
All layers here have 64 neurons, so those in few bits are small; equal_bytes.py makes them wider.

Arms of one seed share their facts, the layer's first values and the order of the facts. Each is at
the best rate of its grid. There is nothing to choose it by but what is reported: a fact that is not
trained is not stored.

Allen-Zhu and Li 2024 (arXiv:2404.05405) find 2 bits a parameter in language models, no less after
rounding them to int8, and 0.7 after int4. Lines to compare with: a perceptron with real weights
stores 2 random bits a weight (Cover 1965), one with weights of -1 and +1 stores 0.83 (Krauth and
Mézard 1989). Both are of one neuron, of the best weights there are, and not of training.
"""

import math
from functools import partial

import numpy as np
from tqdm import tqdm

from tinyffn.memory import keep_freed_memory
from tinyffn.studies import results
from tinyffn.studies.capacity import peak
from tinyffn.studies.command import start
from tinyffn.studies.knowledge_layer import (
    D_FF,
    EXPOSURES,
    D,
    as_stored,
    knowledge,
    memory,
    rounded,
    train,
)
from tinyffn.studies.knowledge_per_bit_arms import AFTER, COMPENSATED, DURING, FLOAT, TRAININGS

SEEDS = (1, 2, 3)
PERCEPTRON = {"real weights": 2.0, "weights of -1 and +1": 0.83}  # random bits a weight, at most


def run(name, n, seed, rate, trainings=TRAININGS):
    """Train a layer on n facts, store it in all ways that belong to this training, and count.

    Arguments  name: one of the trainings, {name: Training}
    Returns    a list of dicts: arm, a name of `stores` and the number of facts; seed; rate; value:
               bits of facts for each bit of memory, nan if it diverged
    Errors     ValueError if there is no such training, or as knowledge_layer.train
    """
    of = _training(name, trainings)
    try:
        layer, *asked = train(n, seed=seed, rate=rate, scheme=_scheme(of), **(of.settings or {}))
    except FloatingPointError:
        return [_row(store, n, seed, rate, math.nan) for store in stores(name, trainings)]
    found = {}
    for store, (matrices, size) in _stored(name, of, layer, asked[0]).items():
        found[store] = knowledge(*matrices, *asked) / size
    return [_row(store, n, seed, rate, value) for store, value in found.items()]


def stores(name, trainings=TRAININGS):
    """The names of the ways in which a layer of this training is stored, a list.

    Errors     ValueError if there is no such training
    """
    if not _training(name, trainings).after:
        return [name]
    plain = [f"{name} after" for name in AFTER]
    return [FLOAT, "float16", *plain, *(f"{name} compensated" for name in COMPENSATED)]


def bits_per_weight(runs_settings, store):
    """Bits of memory for each weight of a way of storing, scales included, from the settings.

    Errors     ValueError if there is no such way
    """
    known = runs_settings["bits_per_weight"]
    if store not in known:
        raise ValueError(
            f"bits_per_weight: nothing is stored as {store!r}, only as {'; '.join(known)}"
        )
    return known[store]


def curve(runs, store):
    """Bits of facts for each bit of memory, at the best rate for each n: {n: {seed: bits}}.

    Errors     as results.at_best_rate; ValueError if there are no runs of this way of storing
    """
    ours = [run for run in runs if run["arm"].split(": ")[0] == store]
    if not ours:
        raise ValueError(f"curve: there are no runs of {store!r}")
    best = results.at_best_rate(ours, best=max)
    return {int(arm.split(": ")[1]): by_seed for arm, by_seed in best.items()}


def highest(runs, store):
    """The number of facts with which most is stored, {seed: bits}, and whether it is a peak.

    It is a peak, and so a capacity, if both fewer and more facts were tried.

    Errors     as curve
    """
    by_n = curve(runs, store)
    try:
        return *peak(by_n), True
    except ValueError:
        at = max(by_n, key=lambda n: np.mean(list(by_n[n].values())))
        return at, by_n[at], False


def told(content):
    """A text, one line for each way of storing: what a weight takes, and what it holds.

    Arguments  content: what results.load gives
    """
    lines = []
    for store, size in content["settings"]["bits_per_weight"].items():
        at, by_seed, is_peak = highest(content["runs"], store)
        bits = list(by_seed.values())
        lines.append(
            f"{store:22} {size:6.2f} bits a weight hold {size * np.mean(bits):.3f}: "
            f"{np.mean(bits):.3f} a bit ({min(bits):.3f} to {max(bits):.3f}), {at:5,} facts"
            + ("" if is_peak else ", the end of the grid")
        )
    return "\n".join(lines)


def main():
    """All trainings, numbers of facts, rates and seeds; keeps the results."""
    keep_freed_memory()
    keep([row for each in tqdm(plan(), unit="run") for row in run(*each)])


def keep(runs):
    """Write what all runs found, with what they share, and say what came out."""
    print(results.keep("knowledge_per_bit", runs, settings=settings()))
    print(told(results.load("knowledge_per_bit")))


def plan(trainings=TRAININGS):
    """All runs of the study, in order: [(training, n, seed, rate), ...]."""
    return [
        (name, n, seed, rate)
        for name, of in trainings.items()
        for n, rates in of.rates.items()
        for rate in rates
        for seed in SEEDS
    ]


def settings(trainings=TRAININGS):
    """What all runs share, and the bits that a weight takes in each way of storing."""
    sizes = {}
    for name, of in trainings.items():
        layer, keys, *_ = train(
            4, seed=0, rate=0.01, scheme=_scheme(of), **(of.settings or {}) | ONCE
        )
        for store, (matrices, size) in _stored(name, of, layer, keys).items():
            sizes[store] = round(size / sum(w.size for w in matrices), 4)
    return {
        "d": D,
        "d_ff": D_FF,
        "labels": 16,
        "exposures": EXPOSURES,
        "trainings": {name: of._asdict() for name, of in trainings.items()},
        "bits_per_weight": sizes,
        "value": "bits of facts for each bit of memory",
    }


ONCE = {"exposures": 1}


def _training(name, trainings):
    if name not in trainings:
        raise ValueError(
            f"knowledge_per_bit: there is no training {name!r}, only {'; '.join(trainings)}"
        )
    return trainings[name]


def _scheme(of):
    return None if of.scheme is None else partial(DURING[of.scheme], per=of.per)


def _stored(name, of, layer, keys):
    """{store: (both matrices as they are read back, the bits they take)}."""
    layers = (layer.up, layer.down)
    if of.scheme is not None:
        return {name: _read_back([each.quantized() for each in layers])}
    floats = [each.w.data for each in layers]
    n_weights = sum(w.size for w in floats)
    halves = [w.astype(np.float16).astype(np.float32) for w in floats], 16 * n_weights
    if not of.after:
        return {name: halves}
    found = {FLOAT: (floats, 32 * n_weights), "float16": halves}
    for bits, scheme in AFTER.items():
        found[f"{bits} after"] = _read_back(rounded(layer, scheme))
    for bits in COMPENSATED:
        found[f"{bits} compensated"] = _read_back(rounded(layer, AFTER[bits], keys))
    return found


def _read_back(quantized):
    return [as_stored(q) for q in quantized], memory(quantized)


def _row(store, n, seed, rate, value):
    return {"arm": f"{store}: {n}", "seed": seed, "rate": rate, "value": round(value, 5)}


if __name__ == "__main__":
    start("knowledge_per_bit", main, __doc__)
