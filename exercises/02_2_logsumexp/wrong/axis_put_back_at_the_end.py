"""The summed axis is put back at the end of dy, whichever it was: put it where it was."""

import numpy as np


def logsumexp(x, *, axis, sharpness):
    z = sharpness * x
    top = z.max(axis=axis, keepdims=True)
    e = np.exp(z - top)
    total = e.sum(axis=axis, keepdims=True)
    y = (top + np.log(total)) / sharpness

    def backward(dy):
        return (dy[..., np.newaxis] * e / total,)

    return y.squeeze(axis), backward
