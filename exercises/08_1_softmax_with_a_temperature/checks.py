"""Checks of exercise 8.1. No two axes have the same size, and tau is never 1."""

import numpy as np

from tinyffn.lab.checks import check, require

SHAPE = (3, 4)


def results(task, rng, x, tau):
    """y, dx and dtau, for a dy drawn in the shape of y."""
    y, backward = task.softmax(x, tau)
    dx, dtau = backward(rng.normal(size=x.shape).astype(x.dtype))
    return {"y": y, "dx": dx, "dtau": np.asarray(dtau, dtype="float64")}


def named(values, of):
    """The same arrays, with words behind their names."""
    return {f"{name} ({of})": value for name, value in values.items()}


@check("y", points=2)
def forward(task, rng):
    values = {}
    for tau in (2.5, 0.4):
        values[f"y (tau {tau})"], _ = task.softmax(rng.normal(size=SHAPE), tau)
    return values


@check("dx", points=3, after="y")
def dx(task, rng):
    return {"dx": results(task, rng, rng.normal(size=SHAPE), 2.5)["dx"]}


@check("dtau", points=3, after="dx")
def dtau(task, rng):
    return {"dtau": results(task, rng, rng.normal(size=SHAPE), 2.5)["dtau"]}


@check("any leading axes", points=1, after="dtau")
def leading(task, rng):
    values = {}
    for shape in [(2, 3, 4), (4,)]:
        values |= named(results(task, rng, rng.normal(size=shape), 0.4), f"x of shape {shape}")
    return values


@check("large numbers", points=1, after="dtau")
def large(task, rng):
    near = rng.normal(size=SHAPE)
    far = near + 3000.0 * np.array([[-1], [0], [1]])
    values = named(results(task, rng, far, 0.4), "rows at -3000, 0 and 3000")
    return values | named(results(task, rng, 1000 * near, 400.0), "numbers of thousands, tau 400")


@check("hidden entries", points=2, after="dtau")
def hidden(task, rng):
    """As a causal mask hides them: more at the top, none at the bottom."""
    x = np.where(np.tri(4, dtype=bool), rng.normal(size=(4, 4)), -np.inf)
    return results(task, rng, x, 2.5)


@check("float32 in, float32 out", points=1, after="dtau", tolerance=1e-4)
def float32(task, rng):
    return results(task, rng, rng.normal(size=SHAPE).astype("float32"), np.array(2.5))


EARLIER = ("large numbers", "hidden entries")


@check("the same number added to a whole row", points=1, after=EARLIER)
def added(task, rng):
    """Beside 1e16 even numbers are floats, and so are their halves: nothing is lost on the way."""
    x, dy = rng.permuted([[-4.0, 0.0, 2.0, 6.0]] * 3, axis=1), rng.normal(size=SHAPE)
    (_, near), (_, far) = (task.softmax(rows, 2.0) for rows in (x, x + 1e16))
    (near_dx, near_dtau), (far_dx, far_dtau) = near(dy), far(dy)
    same = np.allclose(near_dtau, far_dtau, rtol=1e-6, atol=1e-6)
    require(same, "dtau changes when 1e16 is added to all numbers of x")
    return {"dtau": far_dtau, "dx": far_dx, "dx before": near_dx}
