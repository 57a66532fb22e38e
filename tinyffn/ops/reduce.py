"""Primitives that reduce axes: sum, mean, max. `axis` is None for all, a number, or a tuple."""

import math

import numpy as np

from tinyffn.ops.axes import axes_of
from tinyffn.tensor import op


@op
def sum(x, *, axis=None, keepdims=False):
    """Σ x along the axes; every summed entry gets dy."""
    axes, shape = axes_of("sum", x, axis), x.shape

    def backward(dy):
        return (np.broadcast_to(_with_axes(dy, axes, keepdims), shape),)

    return x.sum(axis=axes, keepdims=keepdims), backward


@op
def mean(x, *, axis=None, keepdims=False):
    """Σ x / n along the axes, n the number of entries summed; every one gets dy / n."""
    axes, shape = axes_of("mean", x, axis), x.shape
    if x.size == 0:
        raise ValueError(f"mean: x {shape} has no entries")
    n = math.prod(shape[i] for i in axes)

    def backward(dy):
        return (np.broadcast_to(_with_axes(dy / n, axes, keepdims), shape),)

    return x.mean(axis=axes, keepdims=keepdims), backward


@op
def max(x, *, axis=None, keepdims=False):
    """The largest x along the axes; dy goes to it, in equal shares where several are largest."""
    axes = axes_of("max", x, axis)
    if x.size == 0:
        raise ValueError(f"max: x {x.shape} has no entries")
    y = x.max(axis=axes, keepdims=keepdims)

    def backward(dy):
        is_largest = x == _with_axes(y, axes, keepdims)
        shares = is_largest / is_largest.sum(axis=axes, keepdims=True)
        return (shares.astype(dy.dtype) * _with_axes(dy, axes, keepdims),)

    return y, backward


def _with_axes(y, axes, keepdims):
    """Put the reduced axes back with size 1, so that y broadcasts against x."""
    return y if keepdims else np.expand_dims(y, axes)
