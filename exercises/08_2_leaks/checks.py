"""Checks of exercise 8.2. No two axes have the same size, but for the two of positions."""

import numpy as np

from tinyffn.lab.checks import check

T, D_OUT, D_IN = 4, 2, 3


def draw(rng, S=T):
    """A Jacobian without small numbers; the strongest of each row of pairs is above 0 or below."""
    shape = (T, D_OUT, S, D_IN)
    return rng.choice([-1, 1], size=shape) * rng.uniform(0.2, 2, size=shape)


@check("layers that see everything", points=3)
def everything(task, rng):
    return {f"shares (layer {i})": task.leaks(draw(rng), 0.01) for i in (1, 2)}


@check("each y in its own units", points=1, after=everything.name)
def units(task, rng):
    """Large y and small ones; a share of a tenth still counts, one of a thousandth does not."""
    jacobian = draw(rng) * np.array([1e6, 1e-6, 1e3, 1e-3]).reshape(T, 1, 1, 1)
    return {"shares": task.leaks(jacobian, 0.001)}


@check("rounding is no leak", points=2, after=everything.name)
def rounding(task, rng):
    """Between 0.001 and 0.02 of the strongest: some of it is above the tolerance."""
    jacobian = draw(rng)
    later = np.triu(np.ones((T, T)), k=1).reshape(T, 1, T, 1) > 0
    small = np.where(rng.uniform(size=(T, 1, T, 1)) < 0.5, 1e-2, 1e-3)
    jacobian = np.where(later, small * jacobian, jacobian) / 100
    return {f"shares (tolerance {tol})": task.leaks(jacobian, tol) for tol in (0.003, 0.0)}


@check("more x than y", points=2, after=everything.name)
def more(task, rng):
    return {f"shares ({S} x, {T} y)": task.leaks(draw(rng, S), 0.01) for S in (5, 7)}


@check("y on which nothing acts", points=1, after=everything.name)
def nothing(task, rng):
    jacobian = draw(rng)
    jacobian[1] = 0.0
    return {"shares": task.leaks(jacobian, 0.01)}


@check("derivatives that are not finite", points=2, after=everything.name)
def not_finite(task, rng):
    """In the strongest pair, an earlier one; in a weak one; and one pair with nothing else."""
    jacobian = draw(rng)
    jacobian[2, :, 0] *= 20
    jacobian[0, :, 2] *= 0.1
    jacobian[2, 1, 0, 2] = np.nan
    jacobian[0, 1, 2, 0] = np.nan
    jacobian[1, :, 3, :] = np.inf
    return {"shares": task.leaks(jacobian, 0.01)}


OTHERS = (rounding.name, more.name, nothing.name, not_finite.name)


@check("all of it together", points=1, after=OTHERS)
def together(task, rng):
    """A row with nothing finite, and one with nothing but zeros and a NaN."""
    jacobian = draw(rng, 6)
    jacobian[0] = np.nan
    jacobian[1] = 0.0
    jacobian[1, 0, 4, 1] = np.nan
    jacobian[2, :, 5] *= 1e-6
    return {"shares": task.leaks(jacobian, 0.01)}
