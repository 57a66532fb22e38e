"""How many bits does a weight hold? Random facts stored in one layer, more and more of them.

    python -m tinyffn.studies.capacity

trains a layer of about 2,100 numbers on n facts of log2(16) = 4 bits each, with a ReLU, with a
gate, and with nothing between its maps, at each rate of a grid, and keeps the results in
`results/capacity.json`. With few facts all are stored, and the quotient bits / parameters says how
many facts there were. So n is raised until the stored bits fall: the highest point is the capacity,
for this way of training. Each fact is seen 1,000 times, or 100 times, which is far less training.

Does the number belong to the layer? Some settings are varied, one at a time: half and twice as many
neurons, 2 or 4 labels in place of 16, 1 or 16 steps for each pass over the facts in place of 4.

Arms of one seed and n share facts and their order, and all of a seed share the beginning of their
facts (up to 2,400, of one number of labels). There is nothing to choose a rate by but what is
reported, since a fact that is not trained is not stored: the best of the rates, each a mean over
the seeds, flatters all arms alike. Where all facts are stored, or the layer is linear, the rate
hardly matters, and may be the grid's lowest. Neighbours in the grid are a factor of 2 apart: a
curve may have a dent where its best rate changes.

Allen-Zhu and Li 2024 (arXiv:2404.05405) store text in whole language models: 2 bits a parameter at
1,000 exposures, 1 bit at 100; gated layers do not store more at 1,000, and 1.3 times less at 100.
Ours are keys that were drawn, 16 numbers each, in one layer; they store more with a gate at both.
"""

from typing import NamedTuple

import numpy as np
from tqdm import tqdm

from tinyffn import nn
from tinyffn.memory import keep_freed_memory
from tinyffn.studies import results
from tinyffn.studies.capacity_layer import BATCHES_A_PASS, D_FF, N_LABELS, D, store
from tinyffn.studies.command import start

SEEDS = (1, 2, 3)
RATES = (0.04, 0.08, 0.16, 0.32)
NUMBERS_OF_FACTS = {
    "ReLU": (800, 1000, 1200, 1400, 1600, 1800, 2000, 2400),
    "gated": (800, 1000, 1200, 1400, 1600, 1800, 2000, 2400),
    "linear": (50, 70, 80, 90, 100, 120, 150, 200),
}
# Kinds, and how many times each fact is seen. Linear layers have learnt all they can long before.
TRIED = (("ReLU", 1000), ("gated", 1000), ("linear", 1000), ("ReLU", 100), ("gated", 100))
PAPER = {
    ("ReLU", 1000): "about 2",
    ("gated", 1000): "no more than plain",
    ("ReLU", 100): "about 1",
    ("gated", 100): "plain / 1.3",
}  # bits a parameter in Allen-Zhu and Li 2024; plain, without a gate, is GELU there


class Arm(NamedTuple):
    """What is trained: all but the seed and the rate, and which rates are tried."""

    kind: str
    exposures: int
    n: int
    rates: tuple = RATES
    varied: str = ""  # what is not as in TRIED, a key of VARIED
    settings: dict | None = None  # and how: what `store` is told of it


class Varied(NamedTuple):
    """One setting that is changed, on how many facts of each kind, and at which rates."""

    settings: dict
    facts: dict
    rates: tuple = (0.08, 0.16)


# Each width on as many facts for each weight as 1,600 and 1,800 are for 64 neurons.
VARIED = {
    "32 neurons": Varied({"d_ff": 32}, {"ReLU": (800,), "gated": (900,)}),
    "128 neurons": Varied({"d_ff": 128}, {"ReLU": (3200,), "gated": (3600,)}),
    "2 labels": Varied({"n_labels": 2}, {"ReLU": (2400, 3200, 4000)}),
    "4 labels": Varied({"n_labels": 4}, {"ReLU": (2000, 2400, 2800)}),
    "1 step a pass": Varied({"batches_a_pass": 1}, {"ReLU": (1600,)}, (0.08, 0.16, 0.32)),
    "16 steps a pass": Varied({"batches_a_pass": 16}, {"ReLU": (1600,)}, (0.04, 0.08, 0.16)),
}
ARMS = {
    f"{kind}, {exposures} exposures, {n} facts": Arm(kind, exposures, n)
    for kind, exposures in TRIED
    for n in NUMBERS_OF_FACTS[kind]
} | {
    f"{kind}, 1000 exposures, {n} facts, {name}": Arm(kind, 1000, n, rates, name, settings)
    for name, (settings, facts, rates) in VARIED.items()
    for kind, numbers in facts.items()
    for n in numbers
}


def run(arm, seed, rate):
    """Train one arm: ARMS says its kind, exposures, number of facts, and what is varied.

    Returns    a dict: arm, seed, rate, and what `store` returns, rounded to what is worth keeping
    Errors     ValueError if there is no such arm
    """
    if arm not in ARMS:
        raise ValueError(f"capacity: there is no arm {arm!r}, only {'; '.join(ARMS)}")
    of_arm = ARMS[arm]
    settings = {
        "exposures": of_arm.exposures,
        "rate": rate,
        "seed": seed,
        **(of_arm.settings or {}),
    }
    found = store(of_arm.kind, of_arm.n, **settings)
    rounded = {"value": round(found["value"], 5), "right": round(found["right"], 4)}
    rest = {key: found[key] for key in ("n_parameters", "steps")}
    return {"arm": arm, "seed": seed, "rate": rate, **rounded, **rest}


def curve(runs, kind, exposures, varied=""):
    """Stored bits a parameter for each number of facts, at its own best rate: {n: {seed: bits}}.

    Arguments  varied: a key of VARIED, or nothing
    Errors     as results.at_best_rate; ValueError if there are no such runs
    """
    ours = _runs_of("curve", runs, kind, exposures, varied)
    best = results.at_best_rate(ours, best=max)
    return {ARMS[arm].n: by_seed for arm, by_seed in best.items()}


def answered(runs, kind, exposures, varied=""):
    """How many facts are answered right, as a mean over the seeds, at the rates of `curve`: {n: _}.

    Errors     as curve
    """
    ours = _runs_of("answered", runs, kind, exposures, varied)
    numbers = {}
    for arm, rate in results.best_rates(ours, best=max).items():
        rights = [run["right"] for run in ours if (run["arm"], run["rate"]) == (arm, rate)]
        numbers[ARMS[arm].n] = ARMS[arm].n * float(np.mean(rights))
    return numbers


def at_each_rate(runs, arm):
    """The mean stored bits a parameter of one arm at each of its rates: {rate: bits}.

    Errors     ValueError if there are no runs of this arm
    """
    by_rate = {}
    for run in runs:
        if run["arm"] == arm:
            by_rate.setdefault(run["rate"], []).append(run["value"])
    if not by_rate:
        raise ValueError(f"at_each_rate: there are no runs of the arm {arm!r}")
    return {rate: float(np.mean(values)) for rate, values in sorted(by_rate.items())}


def peak(by_n):
    """Where the mean over the seeds is highest: the number of facts, and {seed: bits}.

    A capacity is read there only if more facts were tried.

    Arguments  by_n: {n: {seed: bits}}, as `curve` gives
    Errors     ValueError if it is at the end of the grid, fewest or most facts
    """
    at = _highest(by_n)
    if at in (min(by_n), max(by_n)):
        raise ValueError(
            f"peak: most is stored with {at} facts, the end of the grid {sorted(by_n)}: try others "
            "before you call it a capacity"
        )
    return at, by_n[at]


def told(runs):
    """A text: the peak of each kind with its range over the seeds, beside what the paper found.

    Errors     as curve and peak
    """
    lines = []
    for kind, exposures in TRIED:
        at, by_seed = peak(curve(runs, kind, exposures))
        lines.append(
            f"{kind:6} shown {exposures:5,} times: {_bits(by_seed)}, {at:5,} facts; "
            f"paper: {PAPER.get((kind, exposures), '-')}"
        )
    return "\n".join(lines)


def told_varied(runs):
    """A text: what is stored where one setting is changed, beside what is stored where none is.

    Of several numbers of facts, the one with which most is stored.

    Errors     as curve
    """
    lines = []
    changes = ["", *VARIED]
    for kind, name in [("ReLU", name) for name in changes] + [("gated", name) for name in changes]:
        if name and kind not in VARIED[name].facts:
            continue
        by_n = curve(runs, kind, 1000, name)
        at = _highest(by_n)
        lines.append(f"{kind:6} {name or 'as above':16} {_bits(by_n[at])} with {at:5,} facts")
    return "\n".join(lines)


def main():
    """All arms, rates and seeds; keeps the results."""
    keep_freed_memory()
    runs = [run(*each) for each in tqdm(plan(), unit="run")]
    print(results.keep("capacity", runs, settings=settings()))
    print(told(runs))
    print(told_varied(runs))


def plan():
    """All runs of the study, in order: [(arm, seed, rate), ...]."""
    return [(arm, seed, rate) for arm in ARMS for rate in ARMS[arm].rates for seed in SEEDS]


def settings():
    """What all runs share, and what was varied: to be kept with them."""
    return {
        "d": D,
        "labels": N_LABELS,
        "d_ff": {"ReLU": D_FF, "gated": nn.gated_d_ff(D_FF), "linear": D_FF},
        "facts": NUMBERS_OF_FACTS,
        "exposures": [f"{kind}: {exposures:,}" for kind, exposures in TRIED],
        "batches_a_pass": BATCHES_A_PASS,
        "rates": RATES,
        "varied": {name: varied._asdict() for name, varied in VARIED.items()},
        "value": "stored bits for each trained parameter",
    }


def _runs_of(owner, runs, kind, exposures, varied):
    wanted = (kind, exposures, varied)
    ours = [each for each in runs if _what(ARMS[each["arm"]]) == wanted]
    if not ours:
        what = f"{kind!r} with {exposures} exposures" + (f" and {varied}" if varied else "")
        raise ValueError(f"{owner}: there are no runs of {what}")
    return ours


def _what(arm):
    return arm.kind, arm.exposures, arm.varied


def _highest(by_n):
    return max(by_n, key=lambda n: np.mean(list(by_n[n].values())))


def _bits(by_seed):
    bits = list(by_seed.values())
    span = f"{min(bits):.2f} to {max(bits):.2f}, {len(bits)} seeds"
    return f"{np.mean(bits):.2f} bits a weight ({span})"


if __name__ == "__main__":
    start("capacity", main, __doc__)
