"""The sum runs along the last axis, whichever axis was asked for."""

import numpy as np


def logsumexp(x, *, axis, sharpness):
    z, axis = sharpness * x, -1
    top = z.max(axis=axis, keepdims=True)
    e = np.exp(z - top)
    total = e.sum(axis=axis, keepdims=True)
    y = (top + np.log(total)) / sharpness

    def backward(dy):
        return (np.expand_dims(dy, axis) * e / total,)

    return y.squeeze(axis), backward
