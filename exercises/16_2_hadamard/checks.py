"""Checks of exercise 16.2."""

import numpy as np

from tinyffn.lab.checks import check


def flips_of(rng, n):
    """For n = 12, 20 or 24 an odd number of -1: no way to give one flip to each whole team."""
    return rng.permuted(np.where(np.arange(n) <= n // 3, -1.0, 1.0))


@check("a power of two, all flips 1", points=2)
def power(task, rng):
    return {"spin": task.spin(rng.normal(size=(3, 8)), np.ones(8))}


@check("twelve numbers: three teams of four", points=3, after=power.name)
def teams(task, rng):
    n = 3 * 2**15  # too many for a matrix
    many = task.spin(rng.normal(size=n), np.ones(n))
    return {
        "spin": task.spin(rng.normal(size=(2, 5, 12)), np.ones(12)),
        "spin of 98,304 numbers": np.asarray(many)[:: n // 96 + 1],
    }


@check("flips", points=2, after=teams.name)
def flips(task, rng):
    return {"spin": task.spin(rng.normal(size=(4, 12)), flips_of(rng, 12))}


@check("there and back", points=2, after=flips.name)
def back(task, rng):
    s, y = flips_of(rng, 20), rng.normal(size=(3, 20))
    return {"unspin": task.unspin(y, s), "unspin of spin": task.unspin(task.spin(y, s), s)}


@check("folded into a weight", points=2, after=back.name)
def folded(task, rng):
    s, x, w = flips_of(rng, 12), rng.normal(size=(5, 12)), rng.normal(size=(12, 3))
    new = task.fold(w, s)
    return {"fold": new, "spin(x) @ fold(w)": np.asarray(task.spin(x, s)) @ new}


@check("float32 in, float32 out", points=1, after=flips.name, tolerance=1e-4)
def float32(task, rng):
    x, s = rng.normal(size=(3, 24)).astype("float32"), flips_of(rng, 24).astype("float32")
    return {"spin": task.spin(x, s), "unspin": task.unspin(x, s)}
