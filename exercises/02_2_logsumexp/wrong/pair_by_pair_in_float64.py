"""np.logaddexp rounds after each entry, in float64 too: near 1e13, small shares are lost."""

import numpy as np


def logsumexp(x, *, axis, sharpness):
    wide = x.astype(np.float64)
    y = np.logaddexp.reduce(sharpness * wide, axis=axis, keepdims=True) / sharpness

    def backward(dy):
        return ((np.expand_dims(dy, axis) * np.exp(sharpness * (wide - y))).astype(x.dtype),)

    return y.squeeze(axis).astype(x.dtype), backward
