"""float32 became float64: a NumPy float64 number promotes; the Python number sharpness does not."""

import numpy as np


def logsumexp(x, *, axis, sharpness):
    z = np.float64(sharpness) * x
    top = z.max(axis=axis, keepdims=True)
    e = np.exp(z - top)
    total = e.sum(axis=axis, keepdims=True)
    y = (top + np.log(total)) / sharpness

    def backward(dy):
        return (np.expand_dims(dy, axis) * e / total,)

    return y.squeeze(axis), backward
