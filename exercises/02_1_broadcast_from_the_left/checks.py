"""Checks of exercise 2.1. A term as large as y never stands alone: its gradient is dy itself."""

from tinyffn.lab.checks import check


def gradients(task, rng, y_shape, *shapes, dtype="float64"):
    """The gradient of each term, under a name that says its shape."""
    dy = rng.normal(size=y_shape).astype(dtype)
    found = task.sum_gradients(dy, list(shapes))
    return {
        f"gradient {i} of {len(shapes)} (term {shape}, y {y_shape})": gradient
        for i, (shape, gradient) in enumerate(zip(shapes, found, strict=True), start=1)
    }


ROWS = "one number for each row"


@check(ROWS, points=2)
def rows(task, rng):
    return gradients(task, rng, (5, 3), (5,))


@check("several terms", points=2, after=ROWS)
def several(task, rng):
    return gradients(task, rng, (5, 3), (5,), (5, 3), (5,))


@check("as many rows as columns", points=1, after=ROWS)
def square(task, rng):
    return gradients(task, rng, (4, 4), (4,), (4, 4))


@check("terms with axes of size 1", points=2, after="several terms")
def ones(task, rng):
    return gradients(task, rng, (5, 3), (1, 3), (5, 1), (1, 1), (1,))


@check("more axes", points=2, after="terms with axes of size 1")
def more(task, rng):
    shapes = (2,), (2, 5), (2, 1, 3), (1, 5), (1, 5, 1, 4)
    return gradients(task, rng, (2, 5, 3, 4), *shapes)


@check("single numbers", points=1, after="terms with axes of size 1")
def single(task, rng):
    return {**gradients(task, rng, (5, 3), (), (5,)), **gradients(task, rng, (3,), (), (1,))}


@check("float32 in, float32 out", points=1, after="several terms", tolerance=1e-4)
def float32(task, rng):
    return gradients(task, rng, (5, 3), (5,), (5, 3), dtype="float32")
