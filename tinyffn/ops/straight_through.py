"""Straight-through estimators: a gradient for steps that have none.

A sign, or any rounding, is flat almost everywhere: its derivative is 0, and nothing before it would
ever learn. These ops compute the step and, backwards, act as if it had been a straight line. What
they hand back is no derivative of what they compute. It is called a surrogate.
"""

import numpy as np

from tinyffn.arguments import must_be_above
from tinyffn.tensor import op


@op
def sign_ste(x, *, clip=None):
    """The sign of each entry, +1 for zero, with the gradient of a straight line.

    With `clip`, the line ends at ±clip: a number further out, which no small step can bring to the
    other sign, gets no gradient.

    Forward    y_i = 1 if x_i >= 0, else -1
    Backward   surrogate: dx_i = dy_i, as if y_i were x_i;
               with clip: dx_i = dy_i if |x_i| <= clip, else 0, as if x_i were cut off at ±clip
    Shapes     x (..., d) -> y (..., d)
    Errors     ValueError if clip is not a number above 0
    Source     Bengio et al. 2013 (arXiv:1308.3432); with clip = 1 Courbariaux et al. 2016
               (arXiv:1602.02830)
    """
    backward = _backward("sign_ste", x, clip)
    return np.where(x >= 0, 1.0, np.where(x < 0, -1.0, x)), backward  # NaN, neither, stays NaN


@op
def straight_through(x, *, values, clip=None):
    """Numbers `values` in the place of x, with the gradient that x would have had.

    `values` is what some rounding makes of x, say; it counts as a constant, so that whatever in it
    depends on x, a scale for instance, gets no gradient of its own. `clip` is as in sign_ste.

    Forward    y_i = values_i
    Backward   surrogate: dx_i = dy_i, as if y_i were x_i;
               with clip: dx_i = dy_i if |x_i| <= clip, else 0, as if x_i were cut off at ±clip
    Shapes     x (..., d) -> y (..., d)
    Errors     ValueError if values have not the shape of x, or clip is not a number above 0
    Source     Bengio et al. 2013 (arXiv:1308.3432)
    """
    values = np.asarray(values, x.dtype)
    if values.shape != x.shape:
        raise ValueError(
            f"straight_through: values {values.shape} must have the shape of x {x.shape}"
        )
    return values, _backward("straight_through", x, clip)


def _backward(name, x, clip):
    """Let dy pass as it is; or, with a clip, where |x| <= clip."""
    if clip is None:
        return lambda dy: (dy,)
    must_be_above(name, 0, clip=clip)
    passes = np.abs(x) <= float(clip)
    return lambda dy: (dy * passes,)
