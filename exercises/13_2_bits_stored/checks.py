"""Checks of exercise 13.2. Labels are not as likely, and some answers are wrong."""

import numpy as np

from tinyffn.lab.checks import check

N, C = 40, 5


def inputs(rng, strength=1.5):
    """Scores that know something: the label's is higher by `strength` on the average."""
    prior = rng.permuted([0.4, 0.25, 0.15, 0.12, 0.08])
    labels = rng.choice(C, size=N, p=prior)
    scores = rng.normal(size=(N, C)) + strength * np.eye(C)[labels]
    return scores, labels, prior, 30.0


def found(task, *given):
    bits, scale = task.bits_stored(*given)
    return {"bits": bits, "scale": scale}


@check("bits, where labels are as likely", points=3)
def uniform(task, rng):
    scores, labels, _, most = inputs(rng)
    return {"bits": task.bits_stored(scores, labels, np.full(C, 1 / C), most)[0]}


@check(
    "bits, where some labels are more likely", points=3, after="bits, where labels are as likely"
)
def with_prior(task, rng):
    return {"bits": task.bits_stored(*inputs(rng))[0]}


@check("the scale", points=2, after="bits, where some labels are more likely")
def scale(task, rng):
    scores, labels, prior, most = inputs(rng)
    values = found(task, scores, labels, prior, most)
    values["scale (scores 20 times smaller)"] = task.bits_stored(
        scores / 20, labels, prior, 20 * most
    )[1]
    return values


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
