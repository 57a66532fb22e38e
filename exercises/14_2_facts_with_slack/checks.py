"""Checks of exercise 14.2. No two sizes are equal, so that a swap cannot hide."""

import numpy as np

from tinyffn.lab.checks import check

D_MODEL, D_FF = 3, 6


def edited(task, rng, slack, dtype="float64"):
    """The new w, for facts that overlap and old keys whose coefficients go together."""
    n = len(slack)
    shared = rng.normal(size=D_FF)
    keys = 0.7 * shared + rng.normal(size=(n, D_FF))
    w, values = rng.normal(size=(D_FF, D_MODEL)), 2.0 * rng.normal(size=(n, D_MODEL))
    old = rng.normal(size=(40, D_FF)) * np.linspace(0.5, 2.0, D_FF) + rng.normal(size=D_FF)
    arguments = [w, keys, values, np.array(slack), old.T @ old / 40]
    return {"w_new": task.edit_facts(*(a.astype(dtype) for a in arguments))}


@check("one strict fact", points=3)
def strict(task, rng):
    return edited(task, rng, [0.0])


@check("one fact with a slack", points=2, after=strict.name)
def one_slack(task, rng):
    return edited(task, rng, [1.5])


@check("four facts, one slack for all", points=2, after=one_slack.name)
def several(task, rng):
    return edited(task, rng, [0.8] * 4)


@check("each fact with its own slack, two of them strict", points=3, after=several.name)
def mixed(task, rng):
    few = edited(task, rng, [0.5, 0.0, 2.0, 0.0])
    many = edited(task, rng, [0.5, 0.0, 2.0, 1.0, 0.0, 3.0, 0.7, 1.2, 0.9])
    return {"w_new (4 facts)": few["w_new"], "w_new (9 facts, 6 neurons)": many["w_new"]}


@check("float32 in, float32 out", points=1, after=mixed.name, tolerance=1e-3)
def float32(task, rng):
    return edited(task, rng, [0.5, 1.0, 2.0, 0.7], "float32")
