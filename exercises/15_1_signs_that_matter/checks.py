"""Checks of exercise 15.1. Sizes differ, and so do importances, by a factor of ten and more."""

import numpy as np

from tinyffn.lab.checks import check

D_OUT = 5


def drawn(rng, d_in):
    """Weights with three zeros, and importances; both differ much from row to row."""
    w = rng.normal(size=(d_in, D_OUT)) * rng.uniform(0.5, 4, size=(d_in, 1))
    w[rng.permutation(d_in)[:3], rng.permutation(D_OUT)[:3]] = 0.0
    return w, rng.permutation(np.geomspace(0.2, 6, d_in))


def scales(task, w, importance, group):
    return {"scale": task.group_binarize(w, importance, group)[1]}


@check("codes", points=2)
def codes(task, rng):
    return {"codes": task.group_binarize(*drawn(rng, 12), 4)[0]}


@check("the scale of one group", points=3)
def one_group(task, rng):
    return scales(task, *drawn(rng, 8), 8)


@check("scales of several groups", points=2, after="the scale of one group")
def several(task, rng):
    return scales(task, *drawn(rng, 12), 4)


@check("a last group with fewer rows", points=2, after="scales of several groups")
def last(task, rng):
    w, importance = drawn(rng, 11)
    groups_of_4, groups_of_9 = scales(task, w, importance, 4), scales(task, w, importance, 9)
    return {"scale (groups of 4)": groups_of_4["scale"], "scale (of 9)": groups_of_9["scale"]}


@check("a group without importance", points=1, after="scales of several groups")
def unimportant(task, rng):
    w, importance = drawn(rng, 12)
    importance[4:8] = 0.0
    return scales(task, w, importance, 4)


@check("float32 in, float32 out", points=1, after="scales of several groups", tolerance=1e-4)
def float32(task, rng):
    w, importance = drawn(rng, 12)
    return scales(task, w.astype(np.float32), importance.astype(np.float32), 4)
