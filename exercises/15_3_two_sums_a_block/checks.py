"""Checks of exercise 15.3. Blocks and columns differ in size, so that it matters who is merged."""

import numpy as np

from tinyffn.lab.checks import check

ROWS, D_OUT = 7, 5


def noted(rng, n_blocks):
    """Sums and squares of the blocks of a weight whose rows and columns are of different sizes."""
    w = rng.normal(size=(n_blocks, ROWS, D_OUT))
    w *= np.exp(rng.normal(size=(n_blocks, 1, 1))) * rng.permutation(2.0 ** np.arange(D_OUT))
    return np.abs(w).sum(axis=1), (w**2).sum(axis=1), ROWS


@check("the error without merging", points=3)
def apart(task, rng):
    return {"error": task.sign_errors(*noted(rng, 6), [1])[0]}


@check("the error of merged blocks", points=3, after=apart.name)
def merged(task, rng):
    return {"error": task.sign_errors(*noted(rng, 12), [2, 6, 3])[0]}


@check("a last group with fewer blocks", points=2, after=merged.name)
def last(task, rng):
    return {"error": task.sign_errors(*noted(rng, 11), [4, 9, 30])[0]}


@check("bits", points=2)
def bits(task, rng):
    return {"bits": task.sign_errors(*noted(rng, 12), [1, 4, 12])[1]}


@check("bits of a last group with fewer blocks", points=1, after=bits.name)
def bits_of_last(task, rng):
    return {"bits": task.sign_errors(*noted(rng, 11), [2, 4, 30])[1]}


@check("nothing but zeros", points=1, after=(last.name, bits.name))
def zeros(task, rng):
    sums, squares, rows = noted(rng, 6)
    nothing = task.sign_errors(0 * sums, 0 * squares, rows, [1, 2])[0]
    something = task.sign_errors(sums, squares, rows, [1, 2])[0]
    return {"error (zeros)": nothing, "error": something}
