"""What was taken away before exp is not added again after log."""

import numpy as np


def logsumexp(x, *, axis, sharpness):
    z = sharpness * x
    top = z.max(axis=axis, keepdims=True)
    e = np.exp(z - top)
    total = e.sum(axis=axis, keepdims=True)
    y = np.log(total) / sharpness

    def backward(dy):
        return (np.expand_dims(dy, axis) * e / total,)

    return y.squeeze(axis), backward
