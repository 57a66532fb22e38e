"""Checks of exercise 3.2. All sizes differ; votes are first one for each picture, then many."""

import numpy as np

from tinyffn.lab.checks import check

ONE = np.array(1.0)


def one_vote_each(rng, n=5, n_classes=3):
    scores = rng.normal(size=(n, n_classes))
    return scores, np.eye(n_classes)[rng.integers(n_classes, size=n)]


def many_votes(rng, shape=(5, 3)):
    """From 1 to 9 votes in each place, and 40 more for a class of the first picture that has a low
    score: so the mean over votes lies far from a mean over pictures.
    """
    scores, votes = rng.normal(size=shape), rng.integers(1, 10, size=shape).astype(float)
    scores.reshape(-1, shape[-1])[0, 0] -= 2
    votes.reshape(-1, shape[-1])[0, 0] += 40
    return scores, votes


@check("loss, one vote for each picture", points=2)
def loss_of_one(task, rng):
    loss, _ = task.cross_entropy(*one_vote_each(rng))
    return {"loss": loss}


@check("loss, many votes", points=2, after="loss, one vote for each picture")
def loss_of_many(task, rng):
    loss, _ = task.cross_entropy(*many_votes(rng))
    return {"loss": loss}


@check("gradient, one vote for each picture", points=2, after="loss, one vote for each picture")
def gradient_of_one(task, rng):
    _, backward = task.cross_entropy(*one_vote_each(rng))
    return {"dscores": backward(ONE)}


MANY = ("loss, many votes", "gradient, one vote for each picture")


@check("gradient, many votes", points=2, after=MANY)
def gradient_of_many(task, rng):
    _, backward = task.cross_entropy(*many_votes(rng))
    return {"dscores": backward(ONE)}


@check("gradient for any dy", points=1, after="gradient, many votes")
def any_dy(task, rng):
    _, backward = task.cross_entropy(*many_votes(rng))
    return {"dscores": backward(np.array(rng.uniform(2, 5)))}


@check("large scores", points=2, after="gradient, many votes")
def large(task, rng):
    """All near 1000; rows at different heights; far apart within each row."""
    scores, votes = many_votes(rng)
    heights = np.array([[0.0], [-3000.0], [2000.0], [-1000.0], [4000.0]])
    apart = np.array([0.0, -2000.0, -5000.0])
    values, gradients = {}, {}
    for name, moved in [
        ("all near 1000", scores + 1000),
        ("rows at different heights", scores + heights),
        ("far apart in a row", scores + apart),
    ]:
        values[f"loss ({name})"], backward = task.cross_entropy(moved, votes)
        gradients[f"dscores ({name})"] = backward(ONE)
    return values | gradients


@check("any axes, and pictures without votes", points=1, after="gradient, many votes")
def axes(task, rng):
    values = {}
    for shape in [(2, 5, 3), (3,)]:
        scores, votes = many_votes(rng, shape)
        if len(shape) > 1:
            votes[0, 2] = votes[1, 1] = 0
        values[f"loss (scores of shape {shape})"], backward = task.cross_entropy(scores, votes)
        values[f"dscores (scores of shape {shape})"] = backward(ONE)
    return values


@check("float32 in, float32 out", points=1, after="gradient, many votes", tolerance=1e-4)
def float32(task, rng):
    scores, votes = (array.astype("float32") for array in many_votes(rng))
    loss, backward = task.cross_entropy(scores, votes)
    return {"loss": loss, "dscores": backward(ONE.astype("float32"))}
