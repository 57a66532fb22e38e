"""How large the numbers in a deep network are before training: forward, and on the way back.

The network is z -> f(z) w, again and again, with weights of its own for each layer: d numbers
everywhere, no biases, `scale` times the standard deviation √(2/d) of He et al. 2015
(arXiv:1502.01852). What goes in is drawn with mean square 1.
"""

import math

import numpy as np

from tinyffn.arguments import must_be_above, must_be_callable, must_be_positive


def forward_sizes(f, *, scale, seeds, depth=30, d=256, n=32):
    """The root mean square of z before any layer, after one, ..., after `depth`.

    Arguments  f: a function of arrays, entry by entry; n: how many examples go through
    Returns    (n_seeds, depth + 1), one row for each seed
    Errors     TypeError if f is no function; ValueError if a size is no whole number above 0, scale
               not above 0, or there are no seeds
    """
    _must_be_seeds("forward_sizes", seeds)
    runs = (_forward("forward_sizes", f, scale, seed, depth, d, n)[0] for seed in seeds)
    return np.array([[_rms(z) for z in zs] for zs in runs])


def backward_sizes(f, slope, *, scale, seeds, depth=30, d=256, n=32):
    """The root mean square of the gradient for z after all layers, before the last, ..., the first.

    The gradient after all layers is drawn with mean square 1.

    Arguments  slope: the derivative of f, a function of z
    Returns    (n_seeds, depth + 1), one row for each seed
    Errors     as forward_sizes; TypeError if slope is no function
    """
    _must_be_seeds("backward_sizes", seeds)
    must_be_callable("backward_sizes", slope=slope)
    rows = []
    for seed in seeds:
        zs, weights, rng = _forward("backward_sizes", f, scale, seed, depth, d, n)
        dz = rng.normal(size=(n, d))
        row = [_rms(dz)]
        for z, w in zip(zs[-2::-1], weights[::-1], strict=True):
            dz = (dz @ w.T) * slope(z)
            row.append(_rms(dz))
        rows.append(row)
    return np.array(rows)


def _must_be_seeds(owner, seeds):
    if len(seeds) == 0:
        raise ValueError(f"{owner}: there are no seeds: give a list of one or more")


def _forward(owner, f, scale, seed, depth, d, n):
    must_be_callable(owner, f=f)
    must_be_above(owner, 0, scale=scale)
    must_be_positive(owner, depth=depth, d=d, n=n)
    rng = np.random.default_rng(seed)
    zs, weights = [rng.normal(size=(n, d))], []
    for _ in range(depth):
        weights.append(rng.normal(0, scale * math.sqrt(2 / d), size=(d, d)))
        zs.append(f(zs[-1]) @ weights[-1])
    return zs, weights, rng


def _rms(z):
    return math.sqrt(np.mean(z * z))
