"""Checks of exercise 3.3. softplus shows what relu and tanh hide: its mean is not 0."""

import numpy as np

from tinyffn.lab.checks import Given, check

NODES, SHARES = np.polynomial.hermite_e.hermegauss(24)
SHARES = SHARES / SHARES.sum()


def sizes(task, rng, name, q, depth, b_std):
    d, w_std = int(rng.integers(5, 9)), rng.uniform(0.5, 0.8)
    return task.mean_squares(Given(name), q, depth, d, w_std, b_std, NODES, SHARES)


def kept(task, rng, name, q, b_std):
    d = int(rng.integers(5, 9))
    return task.w_std_that_keeps(Given(name), q, d, b_std, NODES, SHARES)


@check("one layer", points=2)
def one(task, rng):
    return {"mean squares": sizes(task, rng, "softplus", 1.0, 1, 0.0)}


@check("any mean square to begin with", points=2, after="one layer")
def any_q(task, rng):
    values = {}
    for name in ("softplus", "tanh", "relu"):
        q = rng.uniform(2.0, 4.0)
        values[f"mean squares ({name})"] = sizes(task, rng, name, q, 1, 0.0)
    return values


@check("with biases", points=1, after="one layer")
def biases(task, rng):
    return {"mean squares": sizes(task, rng, "softplus", 1.0, 1, rng.uniform(1.5, 2.0))}


@check("many layers", points=2, after=("any mean square to begin with", "with biases"))
def many(task, rng):
    values = {}
    for name, depth in (("tanh", 6), ("softplus", 4), ("relu", 0)):
        q, b_std = rng.uniform(2.0, 4.0), rng.uniform(0.3, 0.6)
        values[f"mean squares ({name})"] = sizes(task, rng, name, q, depth, b_std)
    return values


@check("the std that keeps it", points=2)
def keeps(task, rng):
    values = {}
    for name in ("softplus", "relu"):
        values[f"w_std ({name})"] = kept(task, rng, name, rng.uniform(2.0, 4.0), 0.0)
    return values


@check("the std that keeps it, with biases", points=1, after="the std that keeps it")
def keeps_with_biases(task, rng):
    return {"w_std": kept(task, rng, "tanh", rng.uniform(3.0, 4.0), rng.uniform(0.6, 0.9))}
