"""dy lacks the summed axis, so it does not line up with x: put the axis back with size 1."""

import numpy as np


def logsumexp(x, *, axis, sharpness):
    z = sharpness * x
    top = z.max(axis=axis, keepdims=True)
    e = np.exp(z - top)
    total = e.sum(axis=axis, keepdims=True)
    y = (top + np.log(total)) / sharpness

    def backward(dy):
        return (dy * e / total,)

    return y.squeeze(axis), backward
