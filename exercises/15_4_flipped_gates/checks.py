"""Checks of exercise 15.4. Angles are of all sizes, and inputs prefer some directions."""

import numpy as np

from tinyffn.lab.checks import check

D_IN, D_OUT = 6, 5


def neurons(rng):
    """Weights, and weights beside them: turned by little and by much, all scaled differently."""
    w = rng.normal(size=(D_IN, D_OUT))
    v = w + np.linspace(0.3, 4, D_OUT) * rng.normal(size=w.shape)
    return w, v * rng.uniform(0.3, 3, size=D_OUT)


def moments(rng):
    """Inputs of different sizes that go together."""
    mix = rng.normal(size=(D_IN, D_IN)) * np.geomspace(0.2, 3, D_IN)
    return mix @ mix.T + 0.1 * np.eye(D_IN)


def both(task, *given):
    return dict(zip(("flips", "lost"), task.flipped_gates(*given), strict=True))


def part(task, name, *given):
    return {name: both(task, *given)[name]}


@check("flips, for inputs that prefer no direction", points=2)
def flips(task, rng):
    return part(task, "flips", *neurons(rng), np.eye(D_IN))


@check("flips, for any inputs", points=3, after=flips.name)
def any_flips(task, rng):
    return part(task, "flips", *neurons(rng), moments(rng))


@check("lost, for inputs that prefer no direction", points=2, after=flips.name)
def lost(task, rng):
    return part(task, "lost", *neurons(rng), 4.0 * np.eye(D_IN))


@check("lost, for any inputs", points=2, after=(any_flips.name, lost.name))
def any_lost(task, rng):
    return both(task, *neurons(rng), moments(rng))


@check("weights that did not turn, or turned round", points=1, after=any_lost.name, tolerance=1e-5)
def ends(task, rng):
    w = rng.normal(size=(D_IN, 60))
    v = w * np.repeat([3.0, 1.0, -0.7], 20)
    w[:, -1], v[:, -1] = (a[:, 0] for a in neurons(rng))
    return both(task, w, v, moments(rng))


@check("columns of zeros", points=1, after=any_lost.name)
def zeros(task, rng):
    w, v = neurons(rng)
    w[:, 0], v[:, 1], w[:, 3], v[:, 3] = 0.0, 0.0, 0.0, 0.0
    return both(task, w, v, moments(rng))
