"""One number is taken away from all rows: in a row far below it, every exp becomes 0."""

import numpy as np


def logsumexp(x, *, axis, sharpness):
    z = sharpness * x
    top = z.max()
    e = np.exp(z - top)
    total = e.sum(axis=axis, keepdims=True)
    y = (top + np.log(total)) / sharpness

    def backward(dy):
        return (np.expand_dims(dy, axis) * e / total,)

    return y.squeeze(axis), backward
