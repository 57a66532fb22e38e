"""Checks of exercise 18.1. Magnitudes are multiples of 1/64: sums are exact in any order."""

import numpy as np

from tinyffn.lab.checks import check


def weights(rng, d_in, d_out):
    """No zeros, and signs of which none is likelier."""
    magnitudes = rng.integers(1, 200, size=(d_in, d_out)) / 64
    return (magnitudes * rng.choice([-1, 1], size=(d_in, d_out))).astype(np.float32)


def random_blocks(rng, d_out, n_blocks, group):
    scale = rng.uniform(0.1, 3.0, size=(d_out, n_blocks, 1)).astype("<f2").view(np.uint8)
    signs = rng.integers(0, 256, size=(d_out, n_blocks, group // 8), dtype=np.uint8)
    return np.concatenate([scale, signs], axis=2).reshape(d_out, -1)


@check("the signs of one block", points=2)
def signs(task, rng):
    small = task.pack_blocks(weights(rng, 16, 1), 16)
    large = task.pack_blocks(weights(rng, 40, 1), 40)
    return {"signs (16 weights)": small[:, 2:], "signs (40 weights)": large[:, 2:]}


@check("its scale", points=2, after=signs.name)
def scale(task, rng):
    return {"scale": task.pack_blocks(weights(rng, 24, 1), 24)[:, :2]}


@check("several blocks and outputs", points=2, after=scale.name)
def several(task, rng):
    return {"blocks": task.pack_blocks(weights(rng, 96, 5), 32)}


@check("a last block that is not full", points=3, after=several.name)
def short(task, rng):
    return {"blocks": task.pack_blocks(weights(rng, 85, 3), 32)}


@check("zeros", points=1, after=several.name)
def zeros(task, rng):
    w = weights(rng, 64, 3)
    w[rng.permutation(64)[:20]] = np.float32([[0.0, -0.0, 0.0]])
    w[:32, 1] = 0.0
    return {"blocks": task.pack_blocks(w, 32)}


@check("reading", points=3)
def reading(task, rng):
    return {"w": task.unpack_blocks(random_blocks(rng, 5, 3, 32), 96, 32)}


@check("reading a last block that is not full", points=2, after=reading.name)
def reading_short(task, rng):
    return {"w": task.unpack_blocks(random_blocks(rng, 3, 3, 24), 53, 24)}
