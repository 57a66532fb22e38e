"""Primitives that reduce axes: sum, mean, max. `axis` is None for all, a number, or a tuple."""

import builtins

import numpy as np

from tinyffn.tensor import op


@op
def sum(x, *, axis=None, keepdims=False):
    """Σ x along the axes; every summed entry gets dy."""
    axes = _axes("sum", x, axis)

    def backward(dy):
        return (np.broadcast_to(_with_axes(dy, axes, keepdims), x.shape),)

    return x.sum(axis=axes, keepdims=keepdims), backward


@op
def mean(x, *, axis=None, keepdims=False):
    """Σ x / n along the axes, n the number of entries summed; every one gets dy / n."""
    axes = _axes("mean", x, axis)
    n = builtins.max(1, int(np.prod([x.shape[i] for i in axes])))
    if x.size == 0:
        raise ValueError(f"mean: x {x.shape} has no entries")

    def backward(dy):
        return (np.broadcast_to(_with_axes(dy / n, axes, keepdims), x.shape),)

    return x.mean(axis=axes, keepdims=keepdims), backward


@op
def max(x, *, axis=None, keepdims=False):
    """The largest x along the axes; dy goes to it, in equal shares where several are largest."""
    axes = _axes("max", x, axis)
    if x.size == 0:
        raise ValueError(f"max: x {x.shape} has no entries")
    y = x.max(axis=axes, keepdims=keepdims)

    def backward(dy):
        is_largest = x == _with_axes(y, axes, keepdims)
        shares = is_largest / is_largest.sum(axis=axes, keepdims=True)
        return (shares.astype(dy.dtype) * _with_axes(dy, axes, keepdims),)

    return y, backward


def _axes(name, x, axis):
    """The axes as a tuple of numbers from 0; an error that names the op if one is not there."""
    axes = range(x.ndim) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    for i in axes:
        if not -x.ndim <= i < x.ndim:
            raise ValueError(f"{name}: axis {i} is not there: x {x.shape} has {x.ndim} axes")
    return tuple(i % x.ndim for i in axes)


def _with_axes(y, axes, keepdims):
    """Put the reduced axes back with size 1, so that y broadcasts against x."""
    return y if keepdims else np.expand_dims(y, axes)
