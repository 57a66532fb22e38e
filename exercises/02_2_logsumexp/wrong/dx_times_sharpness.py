"""dx has the sharpness as a factor: it comes in through exp and cancels with the division."""

import numpy as np


def logsumexp(x, *, axis, sharpness):
    z = sharpness * x
    top = z.max(axis=axis, keepdims=True)
    e = np.exp(z - top)
    total = e.sum(axis=axis, keepdims=True)
    y = (top + np.log(total)) / sharpness

    def backward(dy):
        return (np.expand_dims(dy, axis) * sharpness * e / total,)

    return y.squeeze(axis), backward
