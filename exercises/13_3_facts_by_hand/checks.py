"""Checks of exercise 13.3. Keys are of more places than there are facts, values of fewer numbers.

Where r is 1 or more, the task leaves no choice of weights: a key as it is and each single wrong bit
say what they must be. With r = 0 it does leave one, and the hidden numbers are compared.
"""

import numpy as np

from tinyffn.lab.checks import check

P, N, D = 6, 12, 3


def facts(rng):
    """Keys with 1 to N - 1 ones, no two the same number; values far from 0; r from 1 to P."""
    ones = rng.permutation(np.arange(1, N))[:P]
    keys = np.stack([rng.permuted(np.arange(N) < k).astype(float) for k in ones])
    values = rng.uniform(1, 3, size=(P, D)) * rng.choice([-1, 1], size=(P, D))
    return keys, values, rng.permutation(np.arange(1, P + 1))


def up(task, keys, values, r):
    w_up, b_up, _ = task.write_facts(keys, values, r)
    return {"w_up": w_up, "b_up": b_up}


@check("a key of zeros", points=2)
def zeros(task, rng):
    _, values, _ = facts(rng)
    return up(task, np.zeros((1, N)), values[:1], np.array([3]))


@check("a key of ones", points=2)
def ones(task, rng):
    _, values, _ = facts(rng)
    return up(task, np.ones((1, N)), values[:1], np.array([2]))


@check("keys of both", points=3, after=("a key of zeros", "a key of ones"))
def both(task, rng):
    keys, values, _ = facts(rng)
    return up(task, keys, values, np.full(P, 4))


@check("each fact with its own r", points=2, after="keys of both")
def own_r(task, rng):
    """And one that forgives nothing."""
    keys, values, r = facts(rng)
    found = up(task, keys, values, r)
    r[2] = 0
    w_up, b_up, _ = task.write_facts(keys, values, r)
    found["hidden numbers of the keys (one r is 0)"] = np.maximum(keys @ np.asarray(w_up) + b_up, 0)
    return found


@check("what comes out", points=3, after="each fact with its own r")
def answers(task, rng):
    keys, values, r = facts(rng)
    places = rng.permuted(np.tile(np.arange(N), (P, 1)), axis=1)
    x = np.vstack([keys, np.where(places == 0, 1 - keys, keys)])
    w_up, b_up, w_down = task.write_facts(keys, values, r)
    return {"y": np.maximum(x @ np.asarray(w_up) + b_up, 0) @ np.asarray(w_down)}
