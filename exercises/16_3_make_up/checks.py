"""Checks of exercise 16.3."""

import numpy as np

from tinyffn.lab.checks import check

D_OUT, D_IN, N = 3, 7, 60


def inputs(rng, *, moved, n_rounded=3):
    """A weight, its rounded columns (what stands in the others means nothing), and h and c."""
    w = rng.normal(size=(D_OUT, D_IN))
    is_rounded = rng.permuted(np.arange(D_IN) < n_rounded)
    w_rounded = np.where(is_rounded, np.where(w >= 0, 1.0, -1.0), rng.normal(size=w.shape))
    x = rng.normal(size=(N, D_IN)) @ (rng.normal(size=(D_IN, D_IN)) + np.eye(D_IN))
    x = x + rng.choice([-1.0, 1.0], D_IN)
    x_new = x
    if moved:
        x_new = x @ (np.eye(D_IN) + 0.4 * rng.normal(size=(D_IN, D_IN)))
        x_new = x_new + 0.5 * rng.normal(size=x.shape)
    return w, w_rounded, is_rounded, x_new.T @ x_new / N, x.T @ x_new / N


@check("one rounded column, the inputs as they were", points=3)
def one(task, rng):
    return {"w_new": task.make_up(*inputs(rng, moved=False, n_rounded=1))}


@check("three rounded columns", points=2, after=one.name)
def three(task, rng):
    return {"w_new": task.make_up(*inputs(rng, moved=False))}


@check("inputs that have changed", points=3, after=three.name)
def moved(task, rng):
    return {"w_new": task.make_up(*inputs(rng, moved=True))}


@check("nothing rounded, and everything", points=1, after=moved.name)
def ends(task, rng):
    return {
        "w_new, nothing rounded": task.make_up(*inputs(rng, moved=True, n_rounded=0)),
        "w_new, everything rounded": task.make_up(*inputs(rng, moved=True, n_rounded=D_IN)),
    }


@check("tiny inputs", points=1, after=moved.name)
def tiny(task, rng):
    """The inputs in another unit: the best weights are the same."""
    w, w_rounded, is_rounded, h, c = inputs(rng, moved=True)
    return {"w_new": task.make_up(w, w_rounded, is_rounded, 1e-9 * h, 1e-9 * c)}


@check("float32 in, float32 out", points=1, after=moved.name, tolerance=1e-3)
def float32(task, rng):
    w, w_rounded, is_rounded, _, _ = inputs(rng, moved=False)
    h, c = 2 * np.eye(D_IN) + 0.5, np.triu(np.ones((D_IN, D_IN)))
    floats = [np.asarray(a, dtype="float32") for a in (w, w_rounded, h, c)]
    return {"w_new": task.make_up(floats[0], floats[1], is_rounded, *floats[2:])}
