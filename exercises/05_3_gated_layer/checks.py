"""Checks of exercise 5.3. No two axes have the same size, so that a swap cannot hide."""

from tinyffn.lab.checks import check

D_MODEL, D_FF = 3, 5


def inputs(rng, leading, dtype="float64"):
    """x, w_in, w_down and dy for a layer with these leading axes."""
    shapes = [(*leading, D_MODEL), (D_MODEL, 2 * D_FF), (D_FF, D_MODEL), (*leading, D_MODEL)]
    return [rng.normal(size=shape).astype(dtype) for shape in shapes]


def gradient(task, rng, position):
    """One of the three gradients, for a batch of four."""
    x, w_in, w_down, dy = inputs(rng, (4,))
    _, backward = task.gated_layer(x, w_in, w_down)
    return backward(dy)[position]


@check("y of a batch", points=3)
def forward(task, rng):
    x, w_in, w_down, _ = inputs(rng, (4,))
    y, _ = task.gated_layer(x, w_in, w_down)
    return {"y": y}


@check("dw_down of a batch", points=2, after="y of a batch")
def dw_down(task, rng):
    return {"dw_down": gradient(task, rng, 2)}


@check("dw_in of a batch", points=3, after="y of a batch")
def dw_in(task, rng):
    return {"dw_in": gradient(task, rng, 1)}


@check("dx of a batch", points=2, after="y of a batch")
def dx(task, rng):
    return {"dx": gradient(task, rng, 0)}


BATCH = ("dw_down of a batch", "dw_in of a batch", "dx of a batch")


@check("any leading axes", points=2, after=BATCH)
def leading(task, rng):
    values = {}
    for axes in [(2, 4), ()]:
        x, w_in, w_down, dy = inputs(rng, axes)
        y, backward = task.gated_layer(x, w_in, w_down)
        gradients = zip(("dx", "dw_in", "dw_down"), backward(dy), strict=True)
        for name, value in [("y", y), *gradients]:
            values[f"{name} (x of shape {x.shape})"] = value
    return values


@check("numbers of any size", points=1, after=BATCH)
def large(task, rng):
    """Gates of thousands, of both signs; the answers are brought down to the size of 1."""
    x, w_in, w_down, dy = inputs(rng, (4,))
    w_in[:, 0::2] *= 3000.0
    y, backward = task.gated_layer(x, w_in, w_down)
    dx, dw_in, dw_down = backward(dy)
    dw_in[:, 1::2] /= 3000.0
    return {
        "y / 3000": y / 3000,
        "dx / 3000": dx / 3000,
        "dw_in": dw_in,
        "dw_down / 3000": dw_down / 3000,
    }


@check("float32 in, float32 out", points=1, after=BATCH, tolerance=1e-4)
def float32(task, rng):
    x, w_in, w_down, dy = inputs(rng, (4,), "float32")
    y, backward = task.gated_layer(x, w_in, w_down)
    dx, dw_in, dw_down = backward(dy)
    return {"y": y, "dx": dx, "dw_in": dw_in, "dw_down": dw_down}
