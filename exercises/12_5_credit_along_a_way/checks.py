"""Checks of exercise 12.5. Steps are long, so that rules and gaps differ by much."""

import numpy as np

from tinyffn.lab.checks import Given, check

D = 4


def rising(rng, n_points, leading=()):
    """Points at which all numbers are above 0 and larger than at the point before."""
    return np.cumsum(rng.uniform(0.4, 1.0, size=(n_points, *leading, D)), axis=0)


@check("credits on a straight way", points=3)
def straight(task, rng):
    points = rng.normal(size=(2, D))
    credits, _ = task.integrated_gradients(Given("chance"), points, 5)
    also, _ = task.integrated_gradients(Given("product"), rising(rng, 2), 3)
    return {"credits (chance)": credits, "credits (product)": also}


@check("the gap", points=2, after="credits on a straight way")
def gap(task, rng):
    _, gap = task.integrated_gradients(Given("product"), rising(rng, 2), 2)
    return {"gap": gap}


@check("a way with corners", points=3, after="credits on a straight way")
def corners(task, rng):
    credits, _ = task.integrated_gradients(Given("product"), rising(rng, 3), 4)
    also, _ = task.integrated_gradients(Given("product"), rising(rng, 4), 6)
    return {"credits (one corner)": credits, "credits (two corners)": also}


@check("many prompts at once", points=2, after=("the gap", "a way with corners"))
def many(task, rng):
    found = {}
    for leading in [(3,), (2, 3)]:
        points = rising(rng, 3, leading)
        credits, gap = task.integrated_gradients(Given("product"), points, 2)
        found |= {f"credits (of shape {credits.shape})": credits, f"gap ({leading} prompts)": gap}
    return found


@check("float32 in, float32 out", points=1, after="the gap", tolerance=1e-4)
def float32(task, rng):
    points = rising(rng, 2).astype(np.float32)
    credits, gap = task.integrated_gradients(Given("product"), points, 2)
    return {"credits": credits, "gap": gap}
