"""Checks of exercise 1.1. No two axes have the same size, so that a swap cannot hide."""

from tinyffn.lab.checks import check

D_IN, D_OUT = 4, 3


def inputs(rng, leading, dtype="float64"):
    """x, w, b and dy for a layer with these leading axes."""
    shapes = (*leading, D_IN), (D_OUT, D_IN), (D_OUT,), (*leading, D_OUT)
    return [rng.normal(size=shape).astype(dtype) for shape in shapes]


def gradient(task, rng, position):
    """One of the three gradients, for a batch of five."""
    x, w, b, dy = inputs(rng, (5,))
    _, backward = task.dense(x, w, b)
    return backward(dy)[position]


@check("y of a batch", points=2)
def forward(task, rng):
    x, w, b, _ = inputs(rng, (5,))
    y, _ = task.dense(x, w, b)
    return {"y": y}


@check("dx of a batch", points=2, after="y of a batch")
def dx(task, rng):
    return {"dx": gradient(task, rng, 0)}


@check("dw of a batch", points=2, after="y of a batch")
def dw(task, rng):
    return {"dw": gradient(task, rng, 1)}


@check("db of a batch", points=1, after="y of a batch")
def db(task, rng):
    return {"db": gradient(task, rng, 2)}


@check("y with any leading axes", points=1, after="y of a batch")
def forward_leading(task, rng):
    values = {}
    for leading in [(2, 5), ()]:
        x, w, b, _ = inputs(rng, leading)
        y, _ = task.dense(x, w, b)
        values[f"y (x of shape {x.shape})"] = y
    return values


BATCH = ("dx of a batch", "dw of a batch", "db of a batch")


@check("gradients with any leading axes", points=2, after=(*BATCH, "y with any leading axes"))
def backward_leading(task, rng):
    values = {}
    for leading in [(2, 5), ()]:
        x, w, b, dy = inputs(rng, leading)
        _, backward = task.dense(x, w, b)
        for name, value in zip(("dx", "dw", "db"), backward(dy), strict=True):
            values[f"{name} (x of shape {x.shape})"] = value
    return values


@check("each backward belongs to its call", points=1, after=BATCH)
def two_calls(task, rng):
    x, w, b, dy = inputs(rng, (5,))
    _, backward = task.dense(x, w, b)
    other_x, other_w, other_b, _ = inputs(rng, (5,))
    task.dense(other_x, other_w, other_b)
    dx, dw, db = backward(dy)
    return {"dx": dx, "dw": dw, "db": db}


@check("float32 in, float32 out", points=1, after=BATCH, tolerance=1e-4)
def float32(task, rng):
    x, w, b, dy = inputs(rng, (5,), "float32")
    y, backward = task.dense(x, w, b)
    dx, dw, db = backward(dy)
    return {"y": y, "dx": dx, "dw": dw, "db": db}
