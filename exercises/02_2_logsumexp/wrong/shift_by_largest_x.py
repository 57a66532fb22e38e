"""The largest x is taken away: where the sharpness is negative, that is the smallest z."""

import numpy as np


def logsumexp(x, *, axis, sharpness):
    z = sharpness * x
    top = sharpness * x.max(axis=axis, keepdims=True)
    e = np.exp(z - top)
    total = e.sum(axis=axis, keepdims=True)
    y = (top + np.log(total)) / sharpness

    def backward(dy):
        return (np.expand_dims(dy, axis) * e / total,)

    return y.squeeze(axis), backward
