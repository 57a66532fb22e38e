"""Checks of exercise 2.2. All sizes differ, so that an axis in the wrong place shows."""

import numpy as np

from tinyffn.lab.checks import check


def forward(task, x, axis, sharpness):
    y, _ = task.logsumexp(x, axis=axis, sharpness=sharpness)
    return y


def both(task, rng, x, axis, sharpness):
    """y and dx, for a dy drawn in the shape of y."""
    y, backward = task.logsumexp(x, axis=axis, sharpness=sharpness)
    shape = list(x.shape)
    del shape[axis]
    (dx,) = backward(rng.normal(size=shape).astype(x.dtype))
    return y, dx


def draw(rng, *shape):
    return rng.normal(size=shape)


LAST = "y along the last axis"
DX = "dx along the last axis"


@check(LAST, points=2)
def last(task, rng):
    return {"y": forward(task, draw(rng, 5, 4), -1, 1.0)}


@check("y along any axis", points=1, after=LAST)
def any_axis(task, rng):
    x = draw(rng, 2, 5, 4)
    return {f"y (axis {axis})": forward(task, x, axis, 1.0) for axis in (0, 1, -2)}


@check("y for any sharpness", points=2, after=LAST)
def any_sharpness(task, rng):
    x = draw(rng, 5, 4)
    return {f"y (sharpness {s})": forward(task, x, -1, s) for s in (2.5, -1.5)}


@check(DX, points=2, after=LAST)
def dx_last(task, rng):
    return {"dx": both(task, rng, draw(rng, 5, 4), -1, 1.0)[1]}


@check("dx along any axis", points=1, after=(DX, "y along any axis"))
def dx_any_axis(task, rng):
    x = draw(rng, 2, 5, 4)
    return {f"dx (axis {axis})": both(task, rng, x, axis, 1.0)[1] for axis in (0, 1)}


@check("dx for any sharpness", points=1, after=(DX, "y for any sharpness"))
def dx_any_sharpness(task, rng):
    x = draw(rng, 5, 4)
    return {f"dx (sharpness {s})": both(task, rng, x, -1, s)[1] for s in (2.5, -1.5)}


BACKWARD = ("dx along any axis", "dx for any sharpness")


@check("large numbers", points=2, after=BACKWARD)
def large(task, rng):
    near = draw(rng, 5, 4)
    values = {}
    for name, x, s in [
        ("near 10000", near + 1e4, 1.5),
        ("near 10000, sharpness -2", near + 1e4, -2.0),
        ("rows far apart", near + 1e4 * np.arange(-2, 3)[:, None], 1.5),
        ("numbers far apart, sharpness -2", near + 1e4 * np.array([0, 0, 1, -1]), -2.0),
    ]:
        values[f"y ({name})"], values[f"dx ({name})"] = both(task, rng, x, -1, s)
    return values


@check("float32 in, float32 out", points=1, after=BACKWARD, tolerance=1e-4)
def float32(task, rng):
    y, dx = both(task, rng, draw(rng, 5, 4).astype("float32"), -1, 1.5)
    return {"y": y, "dx": dx}


@check("long rows", points=2, after=("large numbers", "float32 in, float32 out"), tolerance=1e-2)
def long_rows(task, rng):
    """Far from 0, floats lie far apart: what is rounded again at each entry adds up."""
    values = {}
    for dtype, height in (("float32", 1e4), ("float64", 1e13)):
        x = (draw(rng, 2, 20000) + height).astype(dtype)
        y, backward = task.logsumexp(x, axis=1, sharpness=1.0)
        (dx,) = backward(np.array([1.0, 2.0], dtype))
        values[f"dx, added up along the row ({dtype})"] = np.asarray(dx).sum(axis=1)
        values[f"y, less {height:g} ({dtype})"] = np.asarray(y) - np.asarray(height, dtype)
    return values
