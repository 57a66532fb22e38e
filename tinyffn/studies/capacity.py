"""How many bits does a weight hold? Random facts stored in one layer, more and more of them.

    python -m tinyffn.studies.capacity

trains a layer of about 2,100 numbers on n facts of log2(16) = 4 bits each, with a ReLU, with a
gate, and with nothing between its maps, at each rate of a grid, and keeps the results in
`results/capacity.json`. With few facts all are stored, and the quotient bits / parameters says how
many facts there were. So n is raised until the stored bits fall: the highest point is the capacity,
for this way of training. Each fact is seen 1,000 times, or 100 times, which is far less training.

Arms of one seed and n share facts and their order, and all of a seed share the beginning of their
facts. There is nothing to choose a rate by but what is reported, since a fact that is not trained
is not stored: the best of four rates, each a mean over the seeds, flatters all arms alike. Where
all facts are stored, or the layer is linear, the rate hardly matters, and may be the grid's lowest.

Allen-Zhu and Li 2024 (arXiv:2404.05405) store text in whole language models: 2 bits a parameter at
1,000 exposures, 1 bit at 100; gated layers do not store more at 1,000, and 1.3 times less at 100.
Ours are keys that were drawn, 16 numbers each, in one layer; they store more with a gate at both.
"""

import math

import numpy as np
from tqdm import tqdm

from tinyffn import nn, ops
from tinyffn.arguments import must_be_above, must_be_positive
from tinyffn.data import random_facts
from tinyffn.graph import no_grad
from tinyffn.memory import keep_freed_memory
from tinyffn.optim import Adam
from tinyffn.studies import results
from tinyffn.studies.stored import stored_bits
from tinyffn.train import fit

D, N_LABELS, D_FF = 16, 16, 64
BATCHES_A_PASS = 4
SEEDS = (1, 2, 3)
RATES = (0.04, 0.08, 0.16, 0.32)
NUMBERS_OF_FACTS = {
    "ReLU": (800, 1000, 1200, 1400, 1600, 1800, 2000, 2400),
    "gated": (800, 1000, 1200, 1400, 1600, 1800, 2000, 2400),
    "linear": (50, 100, 200),
}
# Kinds, and how many times each fact is seen. Linear layers have learnt all they can long before.
TRIED = (("ReLU", 1000), ("gated", 1000), ("linear", 1000), ("ReLU", 100), ("gated", 100))
ARMS = {
    f"{kind}, {exposures} exposures, {n} facts": (kind, exposures, n)
    for kind, exposures in TRIED
    for n in NUMBERS_OF_FACTS[kind]
}


def make_layer(kind, rng):
    """A layer before training, with biases: "ReLU", "gated" (SwiGLU, of 2/3 the width) or "linear".

    Errors     ValueError if there is no such kind
    """
    if kind == "gated":
        return nn.GatedFeedForward(D, nn.gated_d_ff(D_FF), rng=rng, bias=True)
    activations = {"ReLU": ops.relu, "linear": ops.identity}
    if kind not in activations:
        kinds = ", ".join([*activations, "gated"])
        raise ValueError(f"capacity: there is no kind {kind!r}, only {kinds}")
    return nn.FeedForward(D, D_FF, rng=rng, activation=activations[kind])


def store(kind, n, *, exposures, rate, seed, progress=False):
    """Train a layer on n facts as `train` does, and count what it has stored.

    Returns    a dict: value, the stored bits for each trained parameter (nan if it diverged); bits;
               right, the share of facts whose label has the largest score; n_parameters; steps
    Errors     as train, but for the FloatingPointError
    """
    found = {"value": math.nan, "bits": math.nan, "right": math.nan}
    settings = {"exposures": exposures, "rate": rate, "seed": seed, "progress": progress}
    try:
        layer, keys, labels, values = train(kind, n, **settings)
    except FloatingPointError:
        n_parameters = make_layer(kind, np.random.default_rng(seed)).n_parameters()
    else:
        n_parameters = layer.n_parameters()
        scores = logits(layer, keys, values)
        bits = stored_bits(scores, labels)
        right = float(np.mean(scores.argmax(axis=1) == labels))
        found = {"value": bits / n_parameters, "bits": bits, "right": right}
    return found | {"n_parameters": n_parameters, "steps": BATCHES_A_PASS * exposures}


def train(kind, n, *, exposures, rate, seed, progress=False):
    """A layer trained on n facts, each of which it sees `exposures` times, and these facts.

    Adam, with a rate that falls to 0 in a straight line, on a quarter of the facts at a time. Only
    the layer is trained: scores are y · value, with values that were drawn and stay.

    Returns    layer, keys (n, D), labels (n), values (N_LABELS, D)
    Errors     ValueError if there is no such kind, n is below 4, exposures no whole number above 0,
               or rate not above 0; FloatingPointError if training diverges
    """
    must_be_positive("capacity", n=n, exposures=exposures)
    must_be_above("capacity", BATCHES_A_PASS - 1, n=n)
    must_be_above("capacity", 0, rate=rate)
    for_facts, for_layer, for_order = np.random.default_rng(seed).spawn(3)
    keys, labels, values = facts(n, for_facts)
    layer = make_layer(kind, for_layer)
    steps = BATCHES_A_PASS * exposures
    fit(
        layer,
        lambda x, targets: ops.cross_entropy(ops.linear(layer(x), values.T), targets=targets),
        _passes(keys, labels, for_order),
        Adam(layer.parameters(), rate),
        steps=steps,
        schedule=lambda step: rate * (1 - step / steps),
        progress=progress,
    )
    return layer, keys, labels, values


def logits(layer, keys, values):
    """The scores y · value of each label, with y = layer(key): an array (n, N_LABELS)."""
    with no_grad():
        return ops.linear(layer(keys), values.T).data


def facts(n, rng):
    """The first n facts of a generator: keys (n, D), labels (n), values (N_LABELS, D)."""
    most = max(max(numbers) for numbers in NUMBERS_OF_FACTS.values())
    keys, labels, values = random_facts(max(n, most), d=D, n_labels=N_LABELS, rng=rng)
    return keys[:n], labels[:n], values


def _passes(keys, labels, rng):
    """All facts in parts as equal as can be, in an order that is drawn anew; and again."""
    while True:
        for part in np.array_split(rng.permutation(len(labels)), BATCHES_A_PASS):
            yield keys[part], labels[part]


def run(arm, seed, rate):
    """Train one arm: ARMS says its kind, exposures and number of facts.

    Returns    a dict: arm, seed, rate, and what `store` returns, rounded to what is worth keeping
    Errors     ValueError if there is no such arm
    """
    if arm not in ARMS:
        raise ValueError(f"capacity: there is no arm {arm!r}, only {'; '.join(ARMS)}")
    kind, exposures, n = ARMS[arm]
    found = store(kind, n, exposures=exposures, rate=rate, seed=seed)
    rounded = {"value": round(found["value"], 5), "right": round(found["right"], 4)}
    rest = {key: found[key] for key in ("n_parameters", "steps")}
    return {"arm": arm, "seed": seed, "rate": rate, **rounded, **rest}


def curve(runs, kind, exposures):
    """Stored bits a parameter for each number of facts, at its own best rate: {n: {seed: bits}}.

    Errors     as results.at_best_rate; ValueError if there are no such runs
    """
    arms = {arm: n for arm, (k, times, n) in ARMS.items() if (k, times) == (kind, exposures)}
    ours = [each for each in runs if each["arm"] in arms]
    if not ours:
        raise ValueError(f"curve: there are no runs of {kind!r} with {exposures} exposures")
    best = results.at_best_rate(ours, best=max)
    return {arms[arm]: by_seed for arm, by_seed in best.items()}


def peak(by_n):
    """Where the mean over the seeds is highest: the number of facts, and {seed: bits}.

    A capacity is read there only if more facts were tried.

    Arguments  by_n: {n: {seed: bits}}, as `curve` gives
    Errors     ValueError if it is at the end of the grid, fewest or most facts
    """
    at = max(by_n, key=lambda n: np.mean(list(by_n[n].values())))
    if at in (min(by_n), max(by_n)):
        raise ValueError(
            f"peak: most is stored with {at} facts, the end of the grid {sorted(by_n)}: try others "
            "before you call it a capacity"
        )
    return at, by_n[at]


PAPER = {
    ("ReLU", 1000): "about 2",
    ("gated", 1000): "about 2, not more than without a gate",
    ("ReLU", 100): "about 1",
    ("gated", 100): "1.3 times less than without a gate",
}  # bits a parameter in Allen-Zhu and Li 2024; their layers without a gate have GELU


def told(runs):
    """A text: the peak of each kind with its range over the seeds, beside what the paper found.

    Errors     as curve and peak
    """
    lines = []
    for kind, exposures in TRIED:
        at, by_seed = peak(curve(runs, kind, exposures))
        bits = list(by_seed.values())
        lines.append(
            f"{kind:6} {exposures:5,} exposures: {np.mean(bits):.2f} bits a parameter "
            f"({min(bits):.2f} to {max(bits):.2f}, {len(bits)} seeds) with {at:,} facts; "
            f"the paper's: {PAPER.get((kind, exposures), 'not tried')}"
        )
    return "\n".join(lines)


def main():
    """All arms, rates and seeds; keeps the results."""
    keep_freed_memory()
    plan = [(arm, seed, rate) for arm in ARMS for rate in RATES for seed in SEEDS]
    runs = [run(*each) for each in tqdm(plan, unit="run")]
    settings = {
        "d": D,
        "labels": N_LABELS,
        "d_ff": {"ReLU": D_FF, "gated": nn.gated_d_ff(D_FF), "linear": D_FF},
        "facts": NUMBERS_OF_FACTS,
        "exposures": [f"{kind}: {exposures:,}" for kind, exposures in TRIED],
        "batches_a_pass": BATCHES_A_PASS,
        "rates": RATES,
        "value": "stored bits for each trained parameter",
    }
    print(results.keep("capacity", runs, settings=settings))
    print(told(runs))


if __name__ == "__main__":
    main()
