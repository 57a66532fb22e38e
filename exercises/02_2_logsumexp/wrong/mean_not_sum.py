"""The exps are averaged: the formula has a sum."""

import numpy as np


def logsumexp(x, *, axis, sharpness):
    z = sharpness * x
    top = z.max(axis=axis, keepdims=True)
    e = np.exp(z - top)
    total = e.sum(axis=axis, keepdims=True)
    y = (top + np.log(total / x.shape[axis])) / sharpness

    def backward(dy):
        return (np.expand_dims(dy, axis) * e / total,)

    return y.squeeze(axis), backward
