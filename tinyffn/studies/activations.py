"""Which non-linearity, and at what price? One feed-forward layer, two tasks, many activations.

    python -m tinyffn.studies.activations

makes all runs, some ten minutes on one core, and keeps them in `results/activations.json`.

All arms hold as many parameters as the layer with ReLU, within 1 %: what costs more for each hidden
number, a gate or slopes to learn, gets fewer of them. "SwiGLU, same width" alone does not: it shows
what an unmatched comparison looks like. Arms of one seed share data, its order, and, where their
weights have one shape, the initial weights.
"""

import contextlib
from functools import cache, partial

import numpy as np
from tqdm import tqdm

from tinyffn import nn, ops
from tinyffn.arguments import must_be_above, must_be_positive
from tinyffn.data import random_batches, random_facts
from tinyffn.optim import Adam
from tinyffn.studies import results
from tinyffn.studies.command import start
from tinyffn.studies.digits import digit_sets, share_right
from tinyffn.train import History, fit

SEEDS = {"digits": (1, 2, 3, 4, 5, 6, 7, 8), "facts": (1, 2, 3)}
RATES = {"digits": (3e-3, 1e-2, 3e-2, 1e-1), "facts": (1e-2, 3e-2, 6e-2, 1e-1, 1.7e-1, 3e-1)}
STEPS = {"digits": 400, "facts": 2000}
SIZES = {"digits": (64, 256), "facts": (16, 64)}  # d_model, and d_ff of the layer with ReLU
BATCH_SIZE = 256
N_PICTURES = 3000
N_FACTS = 1500
N_LABELS = {"digits": 10, "facts": 16}
UNMATCHED = "SwiGLU, same width"


def _plain(activation):
    return lambda d, d_ff, rng: nn.FeedForward(d, d_ff, rng=rng, activation=activation)


def _gated(gate_op):
    return lambda d, d_ff, rng: nn.GatedFeedForward(d, d_ff, rng=rng, gate_op=gate_op, bias=True)


def _learnt(module):
    return lambda d, d_ff, rng: nn.FeedForward(d, d_ff, rng=rng, activation=module(d_ff))


# The arms: for each a function (d_model, d_ff, rng) -> layer.
ARMS = {
    "none": _plain(lambda x: x),
    "ReLU": _plain(ops.relu),
    "leaky ReLU": _plain(ops.leaky_relu),
    "squared ReLU": _plain(ops.squared_relu),
    "GELU": _plain(ops.gelu),
    "SiLU": _plain(ops.silu),
    "bump": _plain(lambda x: ops.exp(-0.5 * x * x)),  # 1 at zero, nearly 0 from 3 on
    "PReLU": _learnt(nn.PReLU),
    "Swish": _learnt(nn.Swish),
    "ACON-C": _learnt(nn.AconC),
    "Padé": _learnt(lambda d_ff: nn.Pade()),
    "maxout": lambda d, d_ff, rng: nn.MaxoutFeedForward(d, d_ff, rng=rng),
    "bilinear": _gated(ops.multiply),
    "GLU": _gated(ops.glu),
    "ReGLU": _gated(ops.reglu),
    "GEGLU": _gated(ops.geglu),
    "SwiGLU": _gated(ops.swiglu),
    UNMATCHED: _gated(ops.swiglu),
}


class Answer(nn.Module):
    """A layer, and one fixed vector for each answer: the score says how far y reaches along it.

    x (..., d_model) -> logits (..., n_labels). Only the layer learns.
    """

    def __init__(self, layer, values):
        self.layer = layer
        self.values = values  # (n_labels, d_model)

    def __call__(self, x):
        return self.layer(x) @ self.values.T

    def loss(self, x, labels):
        """Mean cross-entropy, in nats an example."""
        return ops.cross_entropy(self(x), targets=labels)


def n_parameters(layer):
    """How many numbers a layer learns."""
    return sum(p.size for p in layer.parameters())


def matched_width(build, n):
    """The d_ff at which build(d_ff) comes nearest to n parameters.

    Each hidden number costs the same, so two widths tell the count of all others.
    """
    must_be_positive("matched_width", n=n)
    one, two = n_parameters(build(1)), n_parameters(build(2))
    return max(1, 1 + round((n - one) / (two - one)))


def make_layer(task, arm, *, rng):
    """The layer of an arm, matched in parameters to the one with ReLU (but for UNMATCHED).

    Errors     ValueError if there is no such task or arm
    """
    _must_be_one_of("task", task, SIZES)
    _must_be_one_of("arm", arm, ARMS)
    d_model, d_ff = SIZES[task]
    if arm != UNMATCHED:
        n = n_parameters(ARMS["ReLU"](d_model, d_ff, np.random.default_rng(0)))
        build = partial(ARMS[arm], d_model, rng=np.random.default_rng(0))
        d_ff = matched_width(build, n)
    return ARMS[arm](d_model, d_ff, rng)


@cache
def make_task(task, seed):
    """The data of a task: (x, labels) to train on, (x, labels) to test on, and fixed values.

    digits     pictures of 8 x 8 numbers, of mean 0 and mean square 1 in training; the test has a
               family of fonts of which the layer saw nothing
    facts      random vectors with random labels, see data.random_facts, to be learnt by heart; so
               the test asks for the very facts that were trained on

    Returns    train, test, values (n_labels, d_model)
    """
    _must_be_one_of("task", task, SIZES)
    rng = np.random.default_rng(seed)
    d_model, n_labels = SIZES[task][0], N_LABELS[task]
    if task == "facts":
        keys, labels, values = random_facts(N_FACTS, d=d_model, n_labels=n_labels, rng=rng)
        return (keys, labels), (keys, labels), values
    sets = digit_sets(seed, n_train=N_PICTURES, n_test=2000)
    (x, labels), (new_x, new_labels) = sets["train"], sets["new faces"]
    x, new_x = _half_size(x), _half_size(new_x)
    mean, std = float(x.mean()), float(x.std())
    values = rng.standard_normal((n_labels, d_model), dtype=np.float32) / 8
    return ((x - mean) / std, labels), ((new_x - mean) / std, new_labels), values


def run(task, arm, seed, rate, *, stop=None, progress=False):
    """Train one arm: Adam, whose rate falls in a straight line to 0 over STEPS[task] steps.

    Arguments  stop: after this many steps, at most STEPS[task]
    Returns    a dict: arm, seed, rate, value (right answers on the test at the end, in percent),
               n_parameters, and curve: the right answers after each tenth of the steps. A run whose
               loss is no longer finite ends there
    Errors     ValueError if task or arm is unknown, rate is not above 0, or stop no whole number
               from 1 to STEPS[task]
    """
    must_be_above("run", 0, rate=rate)
    train, test, values = make_task(task, seed)
    steps = STEPS[task]
    stop = steps if stop is None else stop
    must_be_positive("run", stop=stop)
    if stop > steps:
        raise ValueError(f"run: stop is {stop}, but the runs of {task!r} have {steps} steps")
    model = Answer(make_layer(task, arm, rng=np.random.default_rng(seed)), values)
    history = History()
    # At too large a rate the numbers explode; what the run had until then counts.
    with contextlib.suppress(FloatingPointError), np.errstate(over="ignore", invalid="ignore"):
        fit(
            model,
            model.loss,
            random_batches(*train, batch_size=BATCH_SIZE, rng=np.random.default_rng([seed, 1])),
            Adam(model.parameters(), rate),
            steps=stop,
            schedule=lambda step: rate * (1 - step / steps),
            evaluate=lambda: 1 - share_right(model, *test),
            evaluate_every=steps // 10,
            history=history,
            progress=progress,
        )
    return {
        "arm": f"{task}: {arm}",
        "seed": seed,
        "rate": rate,
        "value": round(100 * share_right(model, *test), 2),
        "n_parameters": n_parameters(model.layer),
        "curve": [round(100 * (1 - wrong), 2) for wrong in history.eval_loss],
    }


def main():
    """All arms, rates and seeds on both tasks; keeps the results, and the curves of seed 1."""
    plan = [
        (task, arm, seed, rate)
        for task, rates in RATES.items()
        for arm in ARMS
        for rate in rates
        for seed in SEEDS[task]
    ]
    runs = [run(*each) for each in tqdm(plan, unit="run")]
    sizes = {each["arm"]: each.pop("n_parameters") for each in runs}
    for each in runs:
        if each["seed"] > 1:  # curves of one seed are enough to see that it comes out again
            del each["curve"]
    settings = {
        "steps": STEPS,
        "rates": RATES,
        "sizes (d_model, d_ff of ReLU)": SIZES,
        "batch_size": BATCH_SIZE,
        "n_pictures": N_PICTURES,
        "n_facts": N_FACTS,
        "n_parameters": sizes,
        "value": "right answers on the test at the end, in percent",
    }
    print(results.keep("activations", runs, settings=settings))


def kept(task):
    """The runs of a task that were kept, with the bare names of their arms.

    Errors     ValueError if there is no such task
    """
    _must_be_one_of("task", task, SIZES)
    named = [(*run["arm"].split(": "), run) for run in results.load("activations")["runs"]]
    return [{**run, "arm": arm} for of, arm, run in named if of == task]


def _half_size(pictures):
    """Each 2 x 2 pixels become their mean: (n, 256) -> (n, 64)."""
    n = len(pictures)
    return pictures.reshape(n, 8, 2, 8, 2).mean(axis=(2, 4)).reshape(n, 64)


def _must_be_one_of(name, given, known):
    if given not in known:
        raise ValueError(f"activations: there is no {name} {given!r}, only {', '.join(known)}")


if __name__ == "__main__":
    start("activations", main, __doc__)
