"""Checks of exercise 6.1. The padding is an id in the middle of the table, never the first."""

from tinyffn.lab.checks import check

VOCAB_SIZE, D, PADDING = 9, 3, 5
OTHERS = [0, 1, 2, 3, 4, 6, 7, 8]


def inputs(rng, ids, dtype="float64"):
    """table, weights and dy for ids of any shape (..., T)."""
    shapes = (VOCAB_SIZE, D), ids.shape, (*ids.shape[:-1], D)
    return [rng.normal(size=shape).astype(dtype) for shape in shapes]


def each_once(rng):
    """Two texts of four ids, none of them twice."""
    return rng.permutation(OTHERS).reshape(2, 4)


def again(rng, leading):
    """Texts of four ids of which the first stands twice in a text, and in all texts."""
    ids = rng.choice(OTHERS, size=(*leading, 4))
    ids[..., [0, 2]] = rng.choice(OTHERS)
    return ids


def padded(rng, leading=(9,)):
    """Texts of six ids, the last two padding: id 0 is in each, and others come again."""
    ids = rng.choice(OTHERS[1:], size=(*leading, 6))
    ids[..., 1] = 0
    ids[..., 4:] = PADDING
    return ids


def gradients(task, rng, ids, dtype="float64"):
    table, weights, dy = inputs(rng, ids, dtype)
    y, backward = task.bag(table, ids, weights, PADDING)
    return y, *backward(dy)


@check("y", points=2)
def forward(task, rng):
    ids = again(rng, (3,))
    table, weights, _ = inputs(rng, ids)
    y, _ = task.bag(table, ids, weights, PADDING)
    return {"y": y}


@check("dtable, each id once", points=2, after="y")
def table_once(task, rng):
    return {"dtable": gradients(task, rng, each_once(rng))[1]}


@check("dtable, ids that come again", points=2, after="dtable, each id once")
def table_again(task, rng):
    return {"dtable": gradients(task, rng, again(rng, (3,)))[1]}


@check("dweights", points=2, after="y")
def weights(task, rng):
    return {"dweights": gradients(task, rng, again(rng, (3,)))[2]}


GRADIENTS = ("dtable, ids that come again", "dweights")


@check("padding adds nothing to y", points=1, after="y")
def padding_forward(task, rng):
    ids = padded(rng)
    table, weights, _ = inputs(rng, ids)
    y, _ = task.bag(table, ids, weights, PADDING)
    return {"y": y}


@check("padding has no gradient", points=2, after=(*GRADIENTS, "padding adds nothing to y"))
def padding_backward(task, rng):
    _, dtable, dweights = gradients(task, rng, padded(rng))
    return {"dtable": dtable, "dweights": dweights}


@check("any leading axes", points=1, after=GRADIENTS)
def leading(task, rng):
    values = {}
    for axes in [(2, 3), ()]:
        results = gradients(task, rng, again(rng, axes))
        for name, value in zip(("y", "dtable", "dweights"), results, strict=True):
            values[f"{name} (ids of shape {(*axes, 4)})"] = value
    return values


@check("float32 in, float32 out", points=1, after=GRADIENTS, tolerance=1e-4)
def float32(task, rng):
    y, dtable, dweights = gradients(task, rng, again(rng, (3,)), "float32")
    return {"y": y, "dtable": dtable, "dweights": dweights}
