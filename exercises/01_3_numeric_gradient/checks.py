"""Checks of exercise 1.3. The steps are large, so that each way to take a slope gives its own."""

import numpy as np

from tinyffn.lab.checks import Given, check


def slopes(task, rng, name, x_shape, y_shape, step=0.1):
    """dx for the function of given.py with that name."""
    x, dy = rng.normal(size=x_shape), rng.normal(size=y_shape)
    return task.numeric_gradient(Given(name), x, dy, step)


@check("each output from its own input", points=2)
def separate(task, rng):
    return {"dx": slopes(task, rng, "cube", (8,), (8,))}


@check("outputs that share inputs", points=2, after="each output from its own input")
def shared(task, rng):
    return {"dx": slopes(task, rng, "neighbours", (5,), (4,))}


@check("x with several axes", points=1, after="outputs that share inputs")
def axes(task, rng):
    return {
        "dx (x of shape (2, 3))": slopes(task, rng, "neighbours", (2, 3), (2, 2)),
        "dx (x of shape (2, 3, 4))": slopes(task, rng, "neighbours", (2, 3, 4), (2, 3, 3)),
    }


@check("x or y is a single number", points=1, after="x with several axes")
def single(task, rng):
    return {
        "dx (y of shape ())": slopes(task, rng, "sum_of_cubes", (4,), ()),
        "dx (x of shape ())": slopes(task, rng, "cube", (), ()),
    }


@check("f returns a view of x", points=1, after="x with several axes")
def view(task, rng):
    return {"dx": slopes(task, rng, "turned", (2, 3), (3, 2))}


@check("x in float32, dx in float64", points=1, after="x with several axes")
def float32(task, rng):
    x, dy = rng.normal(size=(2, 3)).astype("float32"), rng.normal(size=(2, 3))
    return {"dx": task.numeric_gradient(Given("cube"), x, dy, 1e-5)}


def error(task, name, x, dy):
    """largest_error of the pair of given.py with that name."""
    return task.largest_error(Given(name), x, dy, 0.1)


NUDGING = ("each output from its own input", "outputs that share inputs")


@check("the largest error", points=2, after=NUDGING)
def largest(task, rng):
    """All gradients are below 1: what they are divided by does not matter yet."""
    x, dy = rng.uniform(0.05, 0.25, size=6), rng.uniform(0.5, 1, size=6)
    return {
        "error (backward gives half)": error(task, "square_halved", x, dy),
        "error (backward gives twice)": error(task, "square_doubled", x, dy),
        "error (backward is right)": error(task, "cube_right", x, dy),
    }


@check("errors of large and of small gradients", points=1, after="the largest error")
def relative(task, rng):
    x, dy = np.array([100.0, -40.0, 0.0, 0.1]), rng.uniform(0.5, 1, size=4)
    return {
        "error (backward gives half)": error(task, "square_halved", x, dy),
        "error (backward adds 2)": error(task, "square_shifted", x, dy),
    }


@check("a gradient in another shape", points=1, after="the largest error")
def other_shape(task, rng):
    x, dy = rng.normal(size=5), rng.normal(size=5)
    return {"error": error(task, "square_with_an_axis_more", x, dy)}
