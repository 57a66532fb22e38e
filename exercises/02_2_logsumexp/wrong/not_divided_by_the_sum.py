"""dx has exp, but not its share: divide by the sum of the exps."""

import numpy as np


def logsumexp(x, *, axis, sharpness):
    z = sharpness * x
    top = z.max(axis=axis, keepdims=True)
    e = np.exp(z - top)
    total = e.sum(axis=axis, keepdims=True)
    y = (top + np.log(total)) / sharpness

    def backward(dy):
        return (np.expand_dims(dy, axis) * e,)

    return y.squeeze(axis), backward
