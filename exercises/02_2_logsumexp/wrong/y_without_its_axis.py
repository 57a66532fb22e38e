"""y and dy lack the summed axis, so x - y does not line up: put it back with size 1."""

import numpy as np


def logsumexp(x, *, axis, sharpness):
    z = sharpness * x
    top = z.max(axis=axis, keepdims=True)
    y = (top + np.log(np.exp(z - top).sum(axis=axis, keepdims=True))) / sharpness
    y = y.squeeze(axis)

    def backward(dy):
        return (dy * np.exp(sharpness * (x - y)),)

    return y, backward
