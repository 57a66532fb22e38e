"""Primitives that move entries and compute nothing."""

import numpy as np

from tinyffn.ops.axes import axes_of
from tinyffn.tensor import op


@op
def reshape(x, *, shape):
    """The same entries in another shape (one -1 is worked out); dx = dy in x's shape."""
    before = x.shape
    try:
        y = x.reshape(shape)
    except ValueError:
        raise ValueError(f"reshape: x {before} has {x.size} entries, {shape} has not") from None

    def backward(dy):
        return (dy.reshape(before),)

    return y, backward


@op
def transpose(x, *, axes=None):
    """Axes in another order (reversed if None); dx is dy with its axes put back."""
    order = axes_of("transpose", x, axes)
    if axes is None:
        order = order[::-1]
    if len(order) != x.ndim:
        raise ValueError(f"transpose: axes {axes} must name each axis of x {x.shape} once")

    def backward(dy):
        return (dy.transpose(np.argsort(order)),)

    return x.transpose(order), backward


@op
def concatenate(*parts, axis=-1):
    """Arrays end to end along one axis; each gets its own piece of dy."""
    if not parts:
        raise ValueError("concatenate: there is nothing to join")
    (axis,) = axes_of("concatenate", parts[0], axis)
    try:
        y = np.concatenate(parts, axis=axis)
    except ValueError:
        shapes = ", ".join(str(part.shape) for part in parts)
        raise ValueError(
            f"concatenate: {shapes} do not fit: all axes but axis {axis} must be equal"
        ) from None

    ends = np.cumsum([part.shape[axis] for part in parts])

    def backward(dy):
        return tuple(np.split(dy, ends[:-1], axis=axis))

    return y, backward
