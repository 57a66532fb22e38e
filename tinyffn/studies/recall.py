"""What do fixed mixing weights keep of attention, and what do they lose? Two tasks, six arms.

    python -m tinyffn.studies.recall

makes all runs, some forty minutes on one core, and keeps them in `results/recall.json`.

The tasks are those of data/recall.py: copying asks for what stood 20 places back, recall for what
followed an equal key. Recall is asked with 8, 16 and 64 keys, of which 8 stand in a row. With 64,
gMLP is also trained four times as long: what is slow must not be taken for what cannot be learnt.

Attention is told the places in two ways: by a table, with a learnt vector for each place, or by
rotary turns, which make scores depend on the distance. gMLP's maps know the places themselves.

All arms have two blocks, and in front of them the same token shift, so that each token knows what
it follows. They hold as many parameters as the one with attention, within 1 %, but for `LARGE`,
which holds four times as many. Arms of one seed share data and its order.
"""

import contextlib
import math
from itertools import islice

import numpy as np
from tqdm import tqdm

from tinyffn import nn
from tinyffn.arguments import must_be_above
from tinyffn.data import random_copying, random_recall
from tinyffn.graph import no_grad
from tinyffn.memory import keep_freed_memory
from tinyffn.models import LanguageModel
from tinyffn.optim import Adam, warmup_cosine
from tinyffn.studies import results
from tinyffn.studies.activations import matched_width, n_parameters
from tinyffn.studies.command import start
from tinyffn.train import History, fit

SEEDS = (1, 2, 3)
LONGER = "recall of 64, longer"
RATES = {
    "recall of 8": (0.005, 0.01, 0.02),
    "recall of 16": (0.005, 0.01, 0.02, 0.04),
    "recall of 64": (0.005, 0.01, 0.02, 0.04),
    LONGER: (0.005, 0.01, 0.02),
    "copying": (0.005, 0.01, 0.02, 0.04, 0.08),
}
RECALL = {"n_pairs": 8, "n_values": 16, "batch_size": 32}
COPYING = {"length": 64, "offset": 20, "vocab_size": 32, "batch_size": 16}
# For each task: how batches are made, how many ids there are, how many stand in a row.
TASKS = {
    "recall of 8": (random_recall, RECALL | {"n_keys": 8}, 24, 24),
    "recall of 16": (random_recall, RECALL | {"n_keys": 16}, 32, 24),
    "recall of 64": (random_recall, RECALL | {"n_keys": 64}, 80, 24),
    LONGER: (random_recall, RECALL | {"n_keys": 64}, 80, 24),
    "copying": (random_copying, COPYING, COPYING["vocab_size"], COPYING["length"]),
}
STEPS = dict.fromkeys(TASKS, 800) | {LONGER: 3200, "copying": 300}
EVALUATE_EVERY = dict.fromkeys(TASKS, 40) | {LONGER: 160, "copying": 10}
WARMUP_STEPS = 50
LEARNT = 95.0  # percent: then copying counts as learnt
N_LAYERS = 2
D_MODEL = 32
ROTARY = "attention, rotary"
LARGE = "gMLP, four times"
# For each arm: the settings of its blocks without attention. None for attention.
ARMS = {
    "attention": None,
    ROTARY: None,
    "gMLP": {},
    "Toeplitz": {"toeplitz": True},
    "gMLP and a tiny head": {"d_attention": 8},
    LARGE: {},
}


def arms(task):
    """The arms that are tried on a task: all of them, but longer runs are asked of gMLP alone.

    Errors     ValueError if there is no such task
    """
    _must_be_one_of("task", task, TASKS)
    return ("gMLP",) if task == LONGER else tuple(ARMS)


def rates(task, arm):
    """The rates at which an arm is tried, from low to high.

    Errors     ValueError if there is no such task or arm
    """
    _must_be_one_of("task", task, TASKS)
    _must_be_one_of("arm", arm, ARMS)
    is_extra = (task, arm) == ("recall of 64", LARGE)  # it did best at the lowest of the others
    return (0.0025, *RATES[task]) if is_extra else RATES[task]


def make_model(task, arm, *, rng):
    """The model of an arm for a task: a token shift, then two blocks.

    Only the arm "attention" has a table of positions. The feed-forward layers of the others, or
    their gMLP blocks, are so wide that they hold as many parameters as it does.

    Errors     ValueError if there is no such task or arm
    """
    _must_be_one_of("task", task, TASKS)
    _must_be_one_of("arm", arm, ARMS)
    attention = _with_attention(task, 4 * D_MODEL, rng, rotary=False)
    if arm == "attention":
        return attention
    d_model, n = D_MODEL, n_parameters(attention)
    if arm == LARGE:
        d_model, n = 2 * d_model, 4 * n

    def build(half, rng):
        if arm == ROTARY:
            return _with_attention(task, 2 * half, rng, rotary=True)
        _, _, vocab_size, context = TASKS[task]
        blocks = [
            nn.PerceptionBlock(
                d_model, 2 * half, context, rng=rng, init_down=_small, **(ARMS[arm] or {})
            )
            for _ in range(N_LAYERS)
        ]
        return _model(vocab_size, context, d_model, blocks, rng, positions=False)

    return build(matched_width(lambda half: build(half, np.random.default_rng(0)), n), rng)


def _with_attention(task, d_ff, rng, *, rotary):
    _, _, vocab_size, context = TASKS[task]
    d = D_MODEL
    blocks = [
        nn.TransformerBlock(
            d,
            nn.MultiHeadAttention(d, 4, rng=rng, rotary=rotary, init_output=_small),
            nn.FeedForward(d, d_ff, rng=rng, init_down=_small),
            rng=rng,
        )
        for _ in range(N_LAYERS)
    ]
    return _model(vocab_size, context, d, blocks, rng, positions=not rotary)


def _model(vocab_size, context, d_model, blocks, rng, *, positions):
    blocks = [nn.TokenShift(d_model), *blocks]
    return LanguageModel(vocab_size, context, d_model, blocks, rng=rng, positions=positions)


def _small(rng, shape):
    return nn.init.scaled_residual(rng, shape, n_layers=N_LAYERS, std=D_MODEL**-0.5)


def batches(task, *, rng):
    """Endless batches (ids, targets) of a task.

    Errors     ValueError if there is no such task
    """
    _must_be_one_of("task", task, TASKS)
    make, sizes, _, _ = TASKS[task]
    return make(**sizes, rng=rng)


def percent_right(model, rows):
    """How many of the targets of rows, a list of batches, the best guess hits, in percent."""
    right = asked = 0
    with no_grad():
        for ids, targets in rows:
            counts = targets >= 0
            right += np.count_nonzero((model(ids).data.argmax(axis=-1) == targets)[counts])
            asked += np.count_nonzero(counts)
    return 100 * float(right / asked)


def training(task, arm, seed, rate):
    """Train one arm with Adam: yields (steps so far, model) after every EVALUATE_EVERY steps.

    In recall the rate is warmed up and falls along a cosine, in copying it is constant. A run whose
    loss is no longer finite ends there.

    Errors     ValueError if task or arm is unknown, or rate is not above 0
    """
    must_be_above("training", 0, rate=rate)
    model = make_model(task, arm, rng=np.random.default_rng(seed))
    steps, every = STEPS[task], EVALUATE_EVERY[task]
    schedule = None
    if task != "copying":
        schedule = warmup_cosine(rate, warmup_steps=WARMUP_STEPS, total_steps=steps)
    rows = batches(task, rng=np.random.default_rng([seed, 0]))
    optimizer, history = Adam(model.parameters(), rate), History()
    # At too large a rate the numbers explode; what the run had until then counts.
    with contextlib.suppress(FloatingPointError), np.errstate(over="ignore", invalid="ignore"):
        for done in range(every, steps + 1, every):
            fit(
                model, model.loss, rows, optimizer, steps=every, schedule=schedule, max_norm=1.0,
                history=history, progress=False,
            )  # fmt: skip
            yield done, model


def run(task, arm, seed, rate, *, stop=None):
    """Train one arm, and ask it for new rows.

    Arguments  stop: after this many steps, of STEPS[task]
    Returns    a dict: arm, seed, rate, value, choose, curve (targets hit on new rows, in percent,
               after every EVALUATE_EVERY steps). In recall, value is the same at the end, on more
               rows. In copying, it is the number of steps after which the curve is first at LEARNT
               or above, and not finite if it never is; a run that has learnt ends. choose is as
               value, on other rows: by it the best rate is chosen
    Errors     as training
    """
    rows = [list(islice(batches(task, rng=np.random.default_rng([seed, i])), 16)) for i in (1, 2)]
    curves, model, is_recall = ([], []), None, task != "copying"
    for done, model in training(task, arm, seed, rate):
        for curve, of in zip(curves, rows, strict=True):
            curve.append(round(percent_right(model, of[:4]), 1))
        has_learnt = all(math.isfinite(steps_to_learn(curve)) for curve in curves)
        if (has_learnt and not is_recall) or done >= (stop or STEPS[task]):
            break
    if is_recall:
        value, choose = (round(percent_right(model, of), 2) if model else None for of in rows)
    else:
        value, choose = (steps_to_learn(curve) for curve in curves)
    named = {"arm": f"{task}: {arm}", "seed": seed, "rate": rate}
    return {**named, "value": value, "choose": choose, "curve": curves[0]}


def steps_to_learn(curve):
    """Steps until a curve of copying is at LEARNT or above; infinite if it never is."""
    return next(
        (
            (i + 1) * EVALUATE_EVERY["copying"]
            for i, percent in enumerate(curve)
            if percent >= LEARNT
        ),
        math.inf,
    )


def main():
    """All tasks, arms, rates and seeds; keeps the results, and the curves of seed 1."""
    keep_freed_memory()
    plan = [(t, a, s, r) for t in TASKS for a in arms(t) for r in rates(t, a) for s in SEEDS]
    keep([run(*each) for each in tqdm(plan, unit="run")])


def keep(runs):
    """Keep all runs of the study; of their curves those of seed 1."""
    for each in runs:
        if each["seed"] > 1:  # curves of one seed are enough to see that it comes out again
            del each["curve"]
    settings = {
        "steps": STEPS,
        "rates": {f"{task}: {arm}": rates(task, arm) for task in TASKS for arm in arms(task)},
        "evaluate_every": EVALUATE_EVERY,
        "warmup_steps, of recall": WARMUP_STEPS,
        "n_layers": N_LAYERS,
        "d_model": f"{D_MODEL}; {LARGE}: {2 * D_MODEL}",
        "recall": RECALL,
        "copying": COPYING,
        "n_parameters": {
            f"{task}: {arm}": n_parameters(make_model(task, arm, rng=np.random.default_rng(0)))
            for task in TASKS
            for arm in arms(task)
        },
        "value": "recall: targets hit at the end, in percent; copying: steps until "
        f"{LEARNT:g} percent are hit, null if never",
    }
    print(results.keep("recall", runs, settings=settings))


def kept(task):
    """The runs of a task that were kept, with the bare names of their arms.

    Errors     ValueError if there is no such task
    """
    _must_be_one_of("task", task, TASKS)
    named = [(*run["arm"].split(": "), run) for run in results.load("recall")["runs"]]
    return [{**run, "arm": arm} for of, arm, run in named if of == task]


def _must_be_one_of(name, given, known):
    if given not in known:
        raise ValueError(f"recall: there is no {name} {given!r}, only {', '.join(known)}")


if __name__ == "__main__":
    start("recall", main, __doc__)
