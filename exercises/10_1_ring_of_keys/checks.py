"""Checks of exercise 10.1. No two sizes are equal, so that a swap cannot hide."""

import numpy as np

from tinyffn.lab.checks import check

B, ROOM, D_HEAD, D_V = 2, 5, 6, 7
N_HEADS, N_KV_HEADS = 12, 4  # groups of 3


def token(rng, n_heads=N_HEADS, n_kv_heads=N_KV_HEADS, dtype="float64"):
    """q, k and v of a new token."""
    shapes = [(B, n_heads, D_HEAD), (B, n_kv_heads, D_HEAD), (B, n_kv_heads, D_V)]
    return [(1.5 * rng.normal(size=shape)).astype(dtype) for shape in shapes]


def caches(rng, n_kv_heads=N_KV_HEADS, dtype="float64"):
    """Keys and values, all places filled."""
    shapes = [(B, ROOM, n_kv_heads, D_HEAD), (B, ROOM, n_kv_heads, D_V)]
    return [(1.5 * rng.normal(size=shape)).astype(dtype) for shape in shapes]


@check("the first token", points=3)
def first(task, rng):
    q, k, v = token(rng, 3, 3)
    y, keys, values = task.attend(q, k, v, *caches(rng, 3), 0)
    return {"keys": keys, "values": values, "y": y}


@check("y, while there is room", points=2, after="the first token")
def with_room(task, rng):
    y, _, _ = task.attend(*token(rng, 3, 3), *caches(rng, 3), 2)
    return {"y": y}


@check("groups of heads", points=2, after="y, while there is room")
def groups(task, rng):
    y, _, _ = task.attend(*token(rng), *caches(rng), 2)
    return {"y": y}


@check("a full cache", points=3, after="groups of heads")
def full(task, rng):
    answers = {}
    for n_seen in (ROOM - 1, ROOM, ROOM + 2):
        y, keys, values = task.attend(*token(rng), *caches(rng), n_seen)
        new = {"y": y, "keys": keys, "values": values}
        answers |= {f"{name} (n_seen = {n_seen})": array for name, array in new.items()}
    return answers


@check("empty places hold anything", points=1, after="groups of heads")
def empty(task, rng):
    keys, values = caches(rng)
    keys[:, 3:], values[:, 3:] = np.nan, np.inf
    y, _, _ = task.attend(*token(rng), keys, values, 2)
    return {"y": y}


@check("token after token", points=1, after="groups of heads")
def in_turn(task, rng):
    keys, values = (np.zeros_like(cache) for cache in caches(rng))
    ys = []
    for n_seen in range(2 * ROOM + 2):
        y, keys, values = task.attend(*token(rng), keys, values, n_seen)
        ys.append(y)
    return {"y of 12 tokens": np.stack(ys)}


@check("scores of any size", points=1, after="groups of heads")
def large(task, rng):
    """Scores of hundreds of thousands: each query has eyes for one key."""
    q, k, v = token(rng)
    keys, values = caches(rng)
    y, _, _ = task.attend(3000.0 * q, 100.0 * k, v, 100.0 * keys, values, 2)
    return {"y": y}


@check("float32 in, float32 out", points=1, after="groups of heads", tolerance=1e-4)
def float32(task, rng):
    y, keys, values = task.attend(*token(rng, dtype="float32"), *caches(rng, dtype="float32"), 2)
    return {"y": y, "keys": keys, "values": values}
