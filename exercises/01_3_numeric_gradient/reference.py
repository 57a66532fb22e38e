"""The answer to exercise 1.3, and how to get there.

Nudge x_i alone. All outputs may move, y_k by f_k(x + h e_i) - f_k(x - h e_i), where e_i is 1 at
place i and 0 elsewhere. Each y_k that rises lifts the loss by dy_k for each unit, and the lifts of
all outputs add up. x_i went from -h to +h, a way of 2h, so for each unit of x_i the loss rises by

    dx_i ≈ Σ_k dy_k (f_k(x + h e_i) - f_k(x - h e_i)) / 2h

For a cube this is 3x² + h²: the error falls with the square of the step. From one side only, from
x to x + h, it would be 3x² + 3xh + h², and the error would fall with the step itself.

Each nudged x is a new array. If one array were nudged up and down, an f that returns a view of it
would have given both its answers in the same memory, and their difference would be zero.

A largest error hides nothing: one wrong entry of a million shows. Dividing by max(1, |n|) makes
the error a share of the gradient where that is large, and leaves it as it is where that is small,
so that rounding is never divided by zero.
"""

import numpy as np


def numeric_gradient(f, x, dy, step):
    dx = np.empty(x.size)
    for i in range(x.size):
        nudge = np.zeros(x.size)
        nudge[i] = step
        nudge = nudge.reshape(x.shape)
        dx[i] = np.sum(dy * (f(x + nudge) - f(x - nudge))) / (2 * step)
    return dx.reshape(x.shape)


def largest_error(pair, x, dy, step):
    _, backward = pair(x)
    from_backward = backward(dy)
    if np.shape(from_backward) != x.shape:
        return np.inf
    from_nudging = numeric_gradient(lambda x: pair(x)[0], x, dy, step)
    return np.max(np.abs(from_backward - from_nudging) / np.maximum(1, np.abs(from_nudging)))
