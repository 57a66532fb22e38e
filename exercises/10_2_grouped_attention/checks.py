"""Checks of exercise 10.2. No two sizes are equal, so that a swap cannot hide."""

from tinyffn.lab.checks import check

B, T, D_HEAD, D_V = 2, 5, 6, 7
N_HEADS, N_KV_HEADS = 12, 4  # groups of 3


def inputs(rng, n_heads=N_HEADS, n_kv_heads=N_KV_HEADS, dtype="float64"):
    """q, k, v and dy."""
    queries, keys = (B, T, n_heads, D_HEAD), (B, T, n_kv_heads, D_HEAD)
    shapes = [queries, keys, (B, T, n_kv_heads, D_V), (B, T, n_heads, D_V)]
    return [(1.5 * rng.normal(size=shape)).astype(dtype) for shape in shapes]


def gradient(task, rng, position):
    """One of the three gradients."""
    q, k, v, dy = inputs(rng)
    _, backward = task.grouped_attention(q, k, v)
    return backward(dy)[position]


def all_of(task, q, k, v, dy):
    y, backward = task.grouped_attention(q, k, v)
    return dict(zip(("y", "dq", "dk", "dv"), (y, *backward(dy)), strict=True))


@check("y, with a key-value head for each query head", points=3)
def forward(task, rng):
    q, k, v, _ = inputs(rng, n_heads=3, n_kv_heads=3)
    y, _ = task.grouped_attention(q, k, v)
    return {"y": y}


@check("y of groups", points=2, after="y, with a key-value head for each query head")
def groups(task, rng):
    q, k, v, _ = inputs(rng)
    y, _ = task.grouped_attention(q, k, v)
    return {"y": y}


@check("dv", points=2, after="y of groups")
def dv(task, rng):
    return {"dv": gradient(task, rng, 2)}


@check("dq", points=2, after="y of groups")
def dq(task, rng):
    return {"dq": gradient(task, rng, 0)}


@check("dk", points=2, after="y of groups")
def dk(task, rng):
    return {"dk": gradient(task, rng, 1)}


@check("scores of any size", points=1, after=("dv", "dq", "dk"))
def large(task, rng):
    """Scores of hundreds of thousands: each query has eyes for one key."""
    q, k, v, dy = inputs(rng)
    return all_of(task, 3000.0 * q, 100.0 * k, v, dy)


@check("float32 in, float32 out", points=1, after=("dv", "dq", "dk"), tolerance=1e-4)
def float32(task, rng):
    return all_of(task, *inputs(rng, dtype="float32"))
