"""Small facts that hold for any weights, shown on random ones: each a number that must be 0, or n.

Each draws its own weights with one fixed seed, so that it gives the same number each time.
"""

import numpy as np

from tinyffn import nn
from tinyffn.arguments import must_be_positive
from tinyffn.bits.schemes import signs
from tinyffn.graph import no_grad
from tinyffn.studies.linear import misfit, rank
from tinyffn.tensor import Tensor

SEED = 19


def stack_misfit(depth, *, width=64, bends=False):
    """How far a stack of dense layers is from a single one: see linear.misfit.

    Arguments  bends: whether a ReLU stands between the layers
    Errors     ValueError unless depth and width are whole numbers above 0
    """
    must_be_positive("stack_misfit", depth=depth, width=width)
    rng = np.random.default_rng(SEED)
    layers = [(rng.normal(size=(width, width)) / width**0.5, rng.normal(size=width))
              for _ in range(depth)]  # fmt: skip

    def stack(x):
        for i, (w, b) in enumerate(layers):
            x = np.maximum(x, 0) if bends and i else x
            x = x @ w + b
        return x

    return misfit(stack, rng.normal(size=(100, width)))


def bottleneck_rank(width, hidden):
    """In how many directions two dense layers move their output, if there is nothing between them.

    Errors     ValueError unless both are whole numbers above 0
    """
    must_be_positive("bottleneck_rank", width=width, hidden=hidden)
    rng = np.random.default_rng(SEED)
    return rank(rng.normal(size=(width, hidden)) @ rng.normal(size=(hidden, width)))


def moved_elsewhere(layer="FFN"):
    """How far outputs at other places move when one token of ten is changed.

    Arguments  layer: "FFN" or "attention"
    Errors     ValueError if it is another
    """
    if layer not in ("FFN", "attention"):
        raise ValueError(f'moved_elsewhere: layer is {layer!r}, but must be "FFN" or "attention"')
    rng = np.random.default_rng(SEED)
    f = nn.FeedForward(16, 64, rng=rng) if layer == "FFN" else nn.MultiHeadAttention(16, 2, rng=rng)
    x = rng.normal(size=(1, 10, 16)).astype(np.float32)
    changed = x.copy()
    changed[0, 4] += 1
    with no_grad():
        moved = np.abs(f(Tensor(changed)).data - f(Tensor(x)).data)[0]
    return float(np.delete(moved, 4, axis=0).max())


def heads_apart(n_heads, *, d_model=16, d_head=8):
    """How far small FFNs side by side, their answers added, are from one wide FFN.

    Errors     ValueError unless all are whole numbers above 0
    """
    must_be_positive("heads_apart", n_heads=n_heads, d_model=d_model, d_head=d_head)
    rng = np.random.default_rng(SEED)
    up = rng.normal(size=(n_heads, d_model, d_head))
    down = rng.normal(size=(n_heads, d_head, d_model))
    x = rng.normal(size=(5, d_model))
    heads = sum(np.maximum(x @ u, 0) @ d for u, d in zip(up, down, strict=True))
    wide = np.maximum(x @ np.concatenate(up, axis=1), 0) @ np.concatenate(down, axis=0)
    return float(np.abs(heads - wide).max() / np.abs(wide).max())


def signs_changed_by_scaling():
    """How many signs of a weight change if each of its rows is multiplied by a number above 0."""
    rng = np.random.default_rng(SEED)
    w, scale = rng.normal(size=(64, 32)), rng.lognormal(sigma=1.5, size=(64, 1))
    return int(np.count_nonzero(signs(w) != signs(w * scale)))
