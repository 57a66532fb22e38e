"""The sharpness does not come in before exp: exp(sharpness * x) is not exp(x)."""

import numpy as np


def logsumexp(x, *, axis, sharpness):
    z = 1.0 * x
    top = z.max(axis=axis, keepdims=True)
    e = np.exp(z - top)
    total = e.sum(axis=axis, keepdims=True)
    y = (top + np.log(total)) / sharpness

    def backward(dy):
        return (np.expand_dims(dy, axis) * e / total,)

    return y.squeeze(axis), backward
