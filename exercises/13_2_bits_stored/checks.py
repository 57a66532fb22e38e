"""Checks of exercise 13.2. Labels are not as likely, and some answers are wrong."""

import numpy as np

from tinyffn.lab.checks import check, require

N, C = 40, 5


def inputs(rng, strength=1.5):
    """Scores that know something: the label's is higher by `strength` on the average."""
    prior = rng.permuted([0.55, 0.2, 0.12, 0.08, 0.05])
    labels = rng.choice(C, size=N, p=prior)
    scores = rng.normal(size=(N, C)) + strength * np.eye(C)[labels]
    return scores, labels, prior, 10.0


def found(task, *given):
    bits, scale = task.bits_stored(*given)
    return {"bits": bits, "scale": scale}


# Bits hardly move near the best scale: here any good way of finding it will do.
@check("bits, where labels are as likely", points=3, tolerance=3e-5)
def uniform(task, rng):
    scores, labels, _, most = inputs(rng)
    return {"bits": task.bits_stored(scores, labels, np.full(C, 1 / C), most)[0]}


@check(
    "bits, where some labels are more likely",
    points=3,
    after="bits, where labels are as likely",
    tolerance=3e-5,
)
def with_prior(task, rng):
    return {"bits": task.bits_stored(*inputs(rng))[0]}


@check("the scale", points=2, after="bits, where some labels are more likely")
def scale(task, rng):
    scores, labels, prior, most = inputs(rng)
    small, more = scores / 20, 20 * most
    found_for_small = task.bits_stored(small, labels, prior, more)[1]
    require(
        not stopped_beside(found_for_small, small, labels, prior, more),
        "the scale is near the best one, but the labels cost less at one right beside it",
    )
    values = found(task, scores, labels, prior, most)
    values["scale (scores 20 times smaller)"] = found_for_small
    return values


def stopped_beside(scale, scores, labels, prior, most):
    """Whether a scale is within 5 % of the best one, and a hundred-thousandth away is better."""
    grid = np.linspace(most / 1000, most, 1000)
    best = min(grid, key=lambda a: cost(a, scores, labels, prior))
    if np.ndim(scale) or not abs(scale - best) < 0.05 * best:
        return False
    less, here, more = (cost(scale * by, scores, labels, prior) for by in (1 - 1e-5, 1, 1 + 1e-5))
    return min(less, more) < here


def cost(scale, scores, labels, prior):
    """What the labels cost with the model, in bits."""
    p = prior * np.exp(scale * scores)
    return -np.log2(p[np.arange(len(p)), labels] / p.sum(axis=1)).sum()


@check("scores that know nothing, and scores that know all", points=2, after="the scale")
def ends(task, rng):
    """The scale ends at 0 where scores mislead, and at most where each is right; one between."""
    scores, labels, prior, most = inputs(rng)
    values = found(task, scores, labels, prior, most)
    misled = found(task, -scores, labels, prior, most)
    values["bits (scores mislead)"] = misled["bits"]
    values["scale (scores mislead)"] = misled["scale"]
    right = found(task, 9.0 * np.eye(C)[labels], labels, prior, most)
    values["bits (all right)"], values["scale (all right)"] = right["bits"], right["scale"]
    return values


@check("large scores", points=1, after="the scale")
def large(task, rng):
    scores, labels, prior, most = inputs(rng)
    return {"bits": task.bits_stored(2000 * scores + 5000, labels, prior, most)[0]}
