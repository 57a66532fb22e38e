"""The shares are differentiated once more: the slope of y is the share itself."""

import numpy as np


def logsumexp(x, *, axis, sharpness):
    z = sharpness * x
    top = z.max(axis=axis, keepdims=True)
    e = np.exp(z - top)
    total = e.sum(axis=axis, keepdims=True)
    y = (top + np.log(total)) / sharpness

    def backward(dy):
        share = e / total
        dy = np.expand_dims(dy, axis)
        return (share * (dy - (dy * share).sum(axis=axis, keepdims=True)),)

    return y.squeeze(axis), backward
