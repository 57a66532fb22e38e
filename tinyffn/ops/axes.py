"""Which axes? The one reading of `axis` that all ops share."""

import numpy as np


def axes_of(name, x, axis):
    """The axes as a tuple of numbers from 0. `axis` is None for all of x's, a number, or several.

    Errors     ValueError, in the name of the op, if one is not there or named twice
    """
    axes = range(x.ndim) if axis is None else axis if isinstance(axis, tuple | list) else (axis,)
    for i in axes:
        if not isinstance(i, int | np.integer) or not -x.ndim <= i < x.ndim:
            raise ValueError(f"{name}: axis {i} is not there: x {x.shape} has {x.ndim} axes")
    axes = tuple(i % x.ndim for i in axes)
    if len(set(axes)) < len(axes):
        raise ValueError(f"{name}: axis {axis} names an axis of x {x.shape} twice")
    return axes
