"""Checks of exercise 6.3. Losses lie around 3, so that what is above a floor is near 1."""

import numpy as np

from tinyffn.lab.checks import check

EQUAL = np.array([3, 3, 3, 3, 3])


def sizes(rng):
    """Five sizes, each about twice the one before."""
    return 3000.0 * 2.0 ** (np.arange(5) + rng.uniform(0, 0.5, size=5))


def law(rng, floor):
    """alpha, n_c and the floor."""
    return rng.uniform(0.3, 0.7), rng.uniform(5000, 20_000), floor


def losses(n, alpha, n_c, floor):
    return floor + (n_c / n) ** alpha


def fitted(task, n, y, runs, floor):
    alpha, n_c = task.fit(n, y, runs, floor)
    return {"alpha": alpha, "n_c": n_c}


def noisy(rng, floor):
    """Points that lie beside their law; the noise of the last ones is the largest."""
    n = sizes(rng)
    y = losses(n, *law(rng, 0.0)) * np.exp(rng.uniform(0.1, 0.2, size=5) * [1, -1, 1, 2, -2])
    return n, floor + y


@check("a law that holds exactly, floor 0", points=2)
def exact(task, rng):
    n = sizes(rng)
    return fitted(task, n, losses(n, *law(rng, 0.0)), EQUAL, 0.0)


@check(
    "a law that holds exactly, with a floor", points=2, after="a law that holds exactly, floor 0"
)
def exact_with_floor(task, rng):
    n, floor = sizes(rng), rng.uniform(1, 2)
    return fitted(task, n, losses(n, *law(rng, floor)), EQUAL, floor)


EXACT = "a law that holds exactly, with a floor"


@check("points beside the law", points=2, after=EXACT)
def beside(task, rng):
    return fitted(task, *noisy(rng, 0.0), EQUAL, 0.0)


@check("points that do not count alike", points=2, after="points beside the law")
def weighted(task, rng):
    return fitted(task, *noisy(rng, 1.5), rng.permutation([1, 2, 3, 5, 9]), 1.5)


@check("the losses it foretells", points=1)
def foretold(task, rng):
    return {"losses": task.predict(np.append(sizes(rng), 1e6), *law(rng, rng.uniform(1, 2)))}


@check("the sizes it takes", points=2, after="the losses it foretells")
def taken(task, rng):
    alpha, n_c, floor = law(rng, rng.uniform(1, 2))
    return {"n": task.size_for(floor + rng.uniform(0.2, 3, size=(2, 3)), alpha, n_c, floor)}
