"""Checks of exercise 11.2. No two axes have the same size, so that a swap cannot hide."""

from tinyffn.lab.checks import check

D = 3


def inputs(rng, leading=(), T=5, K=4, dtype="float64"):
    """z, taps and dy for texts of T positions and K taps."""
    shapes = [(*leading, T, 2 * D), (K,), (*leading, T, D)]
    return [rng.normal(size=shape).astype(dtype) for shape in shapes]


def answers(task, rng, *args, **sizes):
    """y, dz and dtaps."""
    z, taps, dy = inputs(rng, *args, **sizes)
    y, backward = task.spatial_gate(z, taps)
    dz, dtaps = backward(dy)
    return {"y": y, "dz": dz, "dtaps": dtaps}


@check("y of one text", points=3)
def forward(task, rng):
    z, taps, _ = inputs(rng)
    y, _ = task.spatial_gate(z, taps)
    return {"y": y}


@check("dz, the half that is scaled", points=1, after="y of one text")
def scaled(task, rng):
    return {"du": answers(task, rng)["dz"][:, D:]}


@check("dz, the half that is mixed", points=3, after="dz, the half that is scaled")
def mixed(task, rng):
    return {"dv": answers(task, rng)["dz"][:, :D]}


@check("dtaps of one text", points=2, after="y of one text")
def taps(task, rng):
    return {"dtaps": answers(task, rng)["dtaps"]}


BACKWARD = ("dz, the half that is mixed", "dtaps of one text")


@check("any leading axes", points=2, after=BACKWARD)
def leading(task, rng):
    values = {}
    for axes in [(4,), (2, 4)]:
        for name, value in answers(task, rng, axes).items():
            values[f"{name} (z of shape {(*axes, 5, 2 * D)})"] = value
    return values


@check("more taps than positions, and fewer", points=1, after=BACKWARD)
def lengths(task, rng):
    values = {}
    for T, K in [(2, 5), (1, 3), (7, 1)]:
        for name, value in answers(task, rng, T=T, K=K).items():
            values[f"{name} ({K} taps, {T} positions)"] = value
    return values


@check("float32 in, float32 out", points=1, after=BACKWARD, tolerance=1e-4)
def float32(task, rng):
    return answers(task, rng, dtype="float32")
