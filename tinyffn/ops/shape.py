"""Primitives that move entries and compute nothing."""

import numpy as np

from tinyffn.tensor import op


@op
def reshape(x, *, shape):
    """The same entries in another shape (one -1 is worked out); dx = dy in x's shape."""
    try:
        y = x.reshape(shape)
    except ValueError:
        raise ValueError(f"reshape: x {x.shape} has {x.size} entries, {shape} has not") from None

    def backward(dy):
        return (dy.reshape(x.shape),)

    return y, backward


@op
def transpose(x, *, axes=None):
    """Axes in another order (reversed if None); dx is dy with its axes put back."""
    axes = tuple(range(x.ndim))[::-1] if axes is None else axes
    if sorted(i % x.ndim if x.ndim else i for i in axes) != list(range(x.ndim)):
        raise ValueError(f"transpose: axes {axes} must name each axis of x {x.shape} once")

    def backward(dy):
        return (dy.transpose(np.argsort([i % x.ndim for i in axes])),)

    return x.transpose(axes), backward


@op
def concatenate(*parts, axis=-1):
    """Arrays end to end along one axis; each gets its own piece of dy."""
    if not parts:
        raise ValueError("concatenate: there is nothing to join")
    try:
        y = np.concatenate(parts, axis=axis)
    except ValueError:
        shapes = ", ".join(str(part.shape) for part in parts)
        raise ValueError(
            f"concatenate: {shapes} do not fit: all axes but axis {axis} must be equal"
        ) from None

    def backward(dy):
        ends = np.cumsum([part.shape[axis] for part in parts])
        return tuple(np.split(dy, ends[:-1], axis=axis))

    return y, backward
