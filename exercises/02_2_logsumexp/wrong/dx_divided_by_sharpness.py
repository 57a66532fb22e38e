"""dx is divided by the sharpness: exp brings the same factor in, and the two cancel."""

import numpy as np


def logsumexp(x, *, axis, sharpness):
    z = sharpness * x
    top = z.max(axis=axis, keepdims=True)
    e = np.exp(z - top)
    total = e.sum(axis=axis, keepdims=True)
    y = (top + np.log(total)) / sharpness

    def backward(dy):
        return (np.expand_dims(dy, axis) * e / total / sharpness,)

    return y.squeeze(axis), backward
