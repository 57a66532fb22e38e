"""Rank collapse: deep attention makes all tokens alike, and what slows it down.

Tokens that are all one vector form a matrix of rank 1; hence the name.

Source     Dong et al. 2021 (arXiv:2103.03404) prove it for attention, at a rate that is doubly
           exponential in depth; Noci et al. 2022 (arXiv:2206.03126) follow it with skips and norms
"""

import numpy as np

from tinyffn.arguments import must_be_above
from tinyffn.graph import no_grad
from tinyffn.studies.stacks import Stack, streams
from tinyffn.tensor import Tensor


def difference(x):
    """How far tokens x (..., T, d_model) differ: ‖x - their mean‖ / ‖x‖, between 0 and 1."""
    apart = x - x.mean(axis=-2, keepdims=True)
    return np.linalg.norm(apart, axis=(-2, -1)) / np.linalg.norm(x, axis=(-2, -1))


def differences(seeds, **parts):
    """The difference of the tokens before any layer, after one, ..., after `depth`.

    Arguments  as stacks.streams: depth, and the parts of the stack
    Returns    (n_seeds, depth + 1)
    Errors     as stacks.streams
    """
    with no_grad():
        return np.array([[difference(x.data[0]) for x in s] for _, s in streams(seeds, **parts)])


def one_layer(seeds, spreads, *, n_tokens=32, d_model=64, **parts):
    """The size of what differs between tokens after one layer, by how far they differed before.

    All tokens are one vector, plus `spread` times a vector of their own. After attention alone they
    differ by about spread³: own parts change the weights of token i, against those of the others,
    only through the product of two of them, and what is weighed differs by a third.

    Returns    (n_seeds, len(spreads)): the root mean square distance from the tokens' mean
    Errors     ValueError if a spread is not above 0; else as stacks.Stack
    """
    sizes = []
    for seed in seeds:
        rng = np.random.default_rng([seed, 1])
        common, own = rng.normal(size=d_model), rng.normal(size=(1, n_tokens, d_model))
        stack = Stack(1, rng=np.random.default_rng(seed), d_model=d_model, **parts)
        row = []
        for spread in spreads:
            must_be_above("one_layer", 0, spread=spread)
            with no_grad():
                y = stack(Tensor(common + spread * own)).data
            row.append(np.sqrt(np.mean((y - y.mean(axis=1, keepdims=True)) ** 2)))
        sizes.append(row)
    return np.array(sizes)
