"""Checks of exercise 5.1. The widths are far from 1, where x, z and width are told apart."""

from tinyffn.lab.checks import Given, check

CDF = Given("cdf")


def inputs(rng, shape, dtype="float64"):
    """Numbers of both signs, where the curve bends, and an upstream gradient."""
    x = rng.uniform(0.4, 2.2, size=shape) * rng.choice([-1.0, 1.0], size=shape)
    return x.astype(dtype), rng.uniform(0.5, 1.5, size=shape).astype(dtype)


@check("y", points=2)
def forward(task, rng):
    values = {}
    for width in (0.6, 1.7):
        x, _ = inputs(rng, (9,))
        values[f"y (width {width})"], _ = task.gelu(x, width, CDF)
    return values


@check("dx", points=2, after="y")
def dx(task, rng):
    values = {}
    for width in (0.6, 1.7):
        x, dy = inputs(rng, (9,))
        _, backward = task.gelu(x, width, CDF)
        values[f"dx (width {width})"], _ = backward(dy)
    return values


@check("dwidth", points=3, after="y")
def dwidth(task, rng):
    values = {}
    for width in (0.6, 1.7):
        x, dy = inputs(rng, (9,))
        _, backward = task.gelu(x, width, CDF)
        _, values[f"dwidth (width {width})"] = backward(dy)
    return values


@check("any number of axes", points=1, after=("dx", "dwidth"))
def axes(task, rng):
    values = {}
    for shape in [(2, 3), (2, 1, 4)]:
        x, dy = inputs(rng, shape)
        y, backward = task.gelu(x, 0.6, CDF)
        dx, dwidth = backward(dy)
        values[f"y (x of shape {shape})"] = y
        values[f"dx (x of shape {shape})"] = dx
        values[f"dwidth (x of shape {shape})"] = dwidth
    return values


@check("float32 in, float32 out", points=1, after=("dx", "dwidth"), tolerance=1e-4)
def float32(task, rng):
    x, dy = inputs(rng, (9,), "float32")
    y, backward = task.gelu(x, 1.7, CDF)
    dx, _ = backward(dy)
    return {"y": y, "dx": dx}
