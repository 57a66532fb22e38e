"""Checks of exercise 19.2. Facts differ in their choices, and groups do not divide columns."""

import numpy as np

from tinyffn.lab.checks import check

MATRICES = [(64, 5, 2)]


def answered(rng, n, n_wrong, choices=(4, 16)):
    """n facts, of which some are wrong, more often those with many choices."""
    choices = rng.choice(choices, size=n)
    order = np.argsort(choices + rng.uniform(0, 20, size=n))
    right = np.ones(n, bool)
    right[order[n - n_wrong :]] = False
    return right, choices


def facts_of(task, right, choices):
    return np.asarray(task.knowledge_per_bit(right, choices, MATRICES, 32)[0], float)


def memory_of(task, rng, matrices, group):
    right, choices = answered(rng, 50, 5)
    return np.asarray(task.knowledge_per_bit(right, choices, matrices, group)[1], float)


@check("bits of facts, 16 labels each", points=3)
def alike(task, rng):
    n_wrong = rng.integers(8, 12)
    return {"facts": facts_of(task, *answered(rng, 60, n_wrong, choices=[16]))}


@check("bits of facts with different choices", points=2, after=alike.name)
def different(task, rng):
    n_wrong = rng.integers(8, 12)
    return {"facts": facts_of(task, *answered(rng, 60, n_wrong, choices=(2, 3, 30)))}


@check("none wrong, all wrong, and worse than nothing", points=2, after=different.name)
def ends(task, rng):
    right, choices = answered(rng, 40, 0, choices=(2, 5, 9))
    worse, of_two = answered(rng, 40, 20, choices=[2])
    return {
        "facts (none wrong)": facts_of(task, right, choices),
        "facts (all wrong)": facts_of(task, ~right, choices),
        "facts (half of those with two labels wrong)": facts_of(task, worse, of_two),
    }


@check("bits of facts, 3,000 of them", points=1, after=different.name)
def many(task, rng):
    return {"facts": facts_of(task, *answered(rng, 3000, 700))}


@check("bits of memory, signs", points=2)
def signs(task, rng):
    return {"memory": memory_of(task, rng, [(96, 7, 2), (48, 64, 2)], int(rng.choice([16, 24])))}


@check("bits of memory, more levels and shorter groups", points=2, after=signs.name)
def levels(task, rng):
    d_out = int(rng.integers(5, 20))
    return {
        "memory (3 levels)": memory_of(task, rng, [(50, d_out, 3)], 32),
        "memory (7 and 16 levels)": memory_of(task, rng, [(41, d_out, 7), (13, 6, 16)], 9),
        "memory (4 and 255 levels)": memory_of(task, rng, [(33, d_out, 4), (9, 3, 255)], 64),
    }


@check("bits of facts for each bit of memory", points=1, after=(different.name, levels.name))
def quotient(task, rng):
    right, choices = answered(rng, 200, 20)
    return {"quotient": task.knowledge_per_bit(right, choices, [(40, 6, 3), (6, 40, 2)], 16)[2]}
