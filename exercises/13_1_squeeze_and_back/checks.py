"""Checks of exercise 13.1. Inputs, features and dimensions are of different numbers."""

from tinyffn.lab.checks import check

N, M = 6, 3


def inputs(rng, leading=(20,)):
    """Features of both kinds, there and not there; some z are above 0 and some below."""
    x = rng.uniform(0.2, 1, size=(*leading, N)) * (rng.uniform(size=(*leading, N)) < 0.6)
    w, b = rng.normal(size=(M, N)), rng.normal(size=N)
    importance = rng.uniform(0.5, 3, size=N)
    importance[2] = 0.0  # an error here counts nothing
    return x, w, b, importance


def found(task, *given):
    loss, dw, db = task.squeeze_loss(*given)
    return {"loss": loss, "dw": dw, "db": db}


@check("loss", points=2)
def loss(task, rng):
    return {"loss": found(task, *inputs(rng))["loss"]}


@check("db", points=3, after="loss")
def db(task, rng):
    return {"db": found(task, *inputs(rng))["db"]}


@check("dw: one table, two jobs", points=4, after="loss")
def dw(task, rng):
    return {"dw": found(task, *inputs(rng))["dw"]}


ALL = ("db", "dw: one table, two jobs")


@check("any leading axes", points=2, after=ALL)
def leading(task, rng):
    values = {}
    for axes in [(2, 4), ()]:
        x, w, b, importance = inputs(rng, axes)
        b = abs(b) + abs(w.T @ w).sum(axis=1)  # so that every z lets its slope through
        for name, array in found(task, x, w, b, importance).items():
            values[f"{name} (x of shape {(*axes, N)})"] = array
    return values
