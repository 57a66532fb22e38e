"""Checks of exercise 15.2. Columns of several shapes: no one share of the mean is best for all."""

import numpy as np

from tinyffn.lab.checks import check

D_IN = 40


def drawn(rng, d_out):
    """Columns with long tails, uniform and Gaussian ones by turns, each of another size."""
    kinds = [
        lambda: rng.permutation(np.geomspace(0.1, 10, D_IN)) * rng.choice([-1, 1], size=D_IN),
        lambda: rng.uniform(-1, 1, size=D_IN),
        lambda: rng.normal(size=D_IN),
    ]
    columns = [kinds[j % 3]() * 3.0 ** (j + 1) for j in range(d_out)]
    return np.stack(columns, axis=1)


def two_large(rng):
    """A column in which two weights hold more than all the others, which are alike."""
    sizes = np.append(rng.uniform(3.4, 4.6, size=D_IN - 2), rng.uniform(29, 31, size=2))
    return rng.permutation(sizes) * rng.choice([-1, 1], size=D_IN)


def found(task, rng):
    """Codes and scale of four columns, by what the columns are like."""
    w = np.column_stack([drawn(rng, 3), two_large(rng)])
    codes, scale = task.best_ternary(w)
    names = ("long tails", "uniform", "Gaussian", "two large")
    return {name: (codes[:, j], scale[j]) for j, name in enumerate(names)}


@check("which weights are kept", points=3)
def kept(task, rng):
    return {f"|codes| ({n})": np.abs(codes) for n, (codes, _) in found(task, rng).items()}


@check("codes", points=2, after=kept.name)
def codes(task, rng):
    return {f"codes ({n})": codes for n, (codes, _) in found(task, rng).items()}


@check("scale", points=3, after=kept.name)
def scale(task, rng):
    return {f"scale ({n})": scale for n, (_, scale) in found(task, rng).items()}


BOTH = ("codes", "scale")


@check("a column of zeros", points=1, after=BOTH)
def zeros(task, rng):
    w = drawn(rng, 4)
    w[:, 2] = 0.0
    codes, scale = task.best_ternary(w)
    return {"codes": codes, "scale": scale}


@check("float32 in, float32 out", points=1, after=BOTH, tolerance=1e-4)
def float32(task, rng):
    return {"scale": task.best_ternary(drawn(rng, 3).astype(np.float32))[1]}
