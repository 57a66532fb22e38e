"""Points in the plane in two classes, made up: what can be seen at a glance, and checked exactly.

Each function draws n points, as many of class 0 as of class 1 (one more of 0 if n is odd) in random
order, about the square from -1 to 1:

    points (n, 2) float32, labels (n) int64

Arguments  noise: the standard deviation of what is added to both coordinates
Errors     ValueError if n is no whole number above 0, or a setting is out of range; TypeError if
           rng is no generator
"""

import numpy as np

from tinyffn.arguments import must_be_above, must_be_at_least, must_be_generator, must_be_positive


def xor_clouds(n, *, rng, noise=0.15):
    """Four clouds around (±0.5, ±0.5): class 1 where the two signs differ.

    No straight line parts the classes.
    """
    labels = _labels("xor_clouds", n, rng, noise)
    first = rng.choice([-1.0, 1.0], size=n)
    second = first * (1 - 2 * labels)
    return _noisy(0.5 * np.stack([first, second], axis=1), noise, rng), labels


def moons(n, *, rng, noise=0.05):
    """Two half circles that reach into each other: class 0 opens downwards, class 1 upwards."""
    labels = _labels("moons", n, rng, noise)
    angle = rng.uniform(0, np.pi, size=n)
    side = 1 - 2 * labels  # 1 for class 0, -1 for class 1
    points = 0.6 * np.stack([np.cos(angle) * side, np.sin(angle) * side], axis=1)
    return _noisy(points + np.outer(side, [-0.3, -0.15]), noise, rng), labels


def rings(n, *, rng, noise=0.05):
    """A ring of radius 0.4, class 0, inside one of radius 0.8, class 1."""
    labels = _labels("rings", n, rng, noise)
    angle = rng.uniform(0, 2 * np.pi, size=n)
    radius = 0.4 * (1 + labels)
    points = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
    return _noisy(points, noise, rng), labels


def spirals(n, *, rng, noise=0.02, turns=1.5):
    """Two arms that wind outwards from the middle, each the other one turned by half a circle.

    Arguments  turns: how often an arm winds around the middle
    """
    labels = _labels("spirals", n, rng, noise)
    must_be_above("spirals", 0, turns=turns)
    radius = np.sqrt(rng.uniform(0.01, 0.9, size=n))  # as many points for each piece of the arm
    angle = 2 * np.pi * turns * radius + np.pi * labels
    points = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
    return _noisy(points, noise, rng), labels


def _labels(owner, n, rng, noise):
    must_be_positive(owner, n=n)
    must_be_generator(owner, rng)
    must_be_at_least(owner, 0, noise=noise)
    return rng.permutation(np.arange(n) % 2)


def _noisy(points, noise, rng):
    return (points + noise * rng.normal(size=points.shape)).astype(np.float32)
