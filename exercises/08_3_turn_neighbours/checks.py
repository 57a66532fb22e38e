"""Checks of exercise 8.3. Six channels: three pairs, so that halves and neighbours differ."""

import numpy as np

from tinyffn.lab.checks import check, require

D = 6


def both(task, rng, shape, positions, *base):
    """y, and dx for a dy drawn in the shape of y."""
    y, backward = task.turn(rng.normal(size=shape), positions, *base)
    return y, backward(rng.normal(size=shape))


@check("y at positions 0, 1, 2, ...", points=3)
def forward(task, rng):
    y, _ = task.turn(rng.normal(size=(5, D)), np.arange(5))
    return {"y": y}


@check("y at any positions", points=1, after=forward.name)
def anywhere(task, rng):
    """Far, below 0, twice the same, between whole numbers; then floats alone."""
    values = {}
    for positions in (np.array([40, -3, 7, 7, 0]), np.array([0.5, -2.25, 9.0, 1.75, 30.5])):
        y, _ = task.turn(rng.normal(size=(5, D)), positions)
        values[f"y (positions {', '.join(f'{p:g}' for p in positions)})"] = y
    return values


@check("another base", points=1, after=forward.name)
def another_base(task, rng):
    """As whole number, too: base 100 for 4 channels, 50 for 10."""
    values = {}
    for base, d in ((100, 4), (50.0, 10)):
        y, _ = task.turn(rng.normal(size=(5, d)), np.arange(5), base)
        values[f"y (base {base}, {d} channels)"] = y
    return values


@check("dx", points=3, after=forward.name)
def gradient(task, rng):
    return {"dx": both(task, rng, (5, D), np.arange(5))[1]}


BATCH = (anywhere.name, another_base.name, gradient.name)


@check("scores know the distance only", points=1, after=forward.name)
def scores(task, rng):
    """Queries and keys moved together: all scores stay as they are."""
    q, k = rng.normal(size=(2, 4, D))
    values = {}
    for moved in (0, 100, -1.5):
        queries, keys = (task.turn(rows, np.arange(4) + moved)[0] for rows in (q, k))
        values[f"scores (all moved by {moved})"] = queries @ keys.T
    return values


@check("any leading axes", points=2, after=BATCH)
def leading(task, rng):
    values = {}
    for shape, positions in [
        ((2, 3, 4, D), np.arange(4)),
        ((2, 3, 4, D), rng.integers(9, size=(2, 1, 4))),
        ((D,), np.array(3)),
    ]:
        y, dx = both(task, rng, shape, positions)
        of = f"x of shape {shape}, positions of shape {positions.shape}"
        values |= {f"y ({of})": y, f"dx ({of})": dx}
    return values


@check("float32 in, float32 out", points=1, after=BATCH, tolerance=1e-4)
def float32(task, rng):
    x, dy = rng.normal(size=(2, 5, D)).astype("float32")
    y, backward = task.turn(x, np.arange(5))
    return {"y": y, "dx": backward(dy)}


@check("positions of millions", points=1, after="float32 in, float32 out")
def far(task, rng):
    """Where a float of 32 bits has no room for the angle. The rest of the work may be in 32."""
    x = rng.normal(size=(5, D)).astype("float32")
    positions = 12_345_678 + rng.integers(1000, size=5)
    (y, _), (exact, _) = (task.turn(rows, positions) for rows in (x, x.astype("float64")))
    same = np.allclose(y, exact, rtol=0, atol=1e-4)
    require(same, "at positions of millions, y for float32 is another y than that for float64")
    return {"y": exact}
