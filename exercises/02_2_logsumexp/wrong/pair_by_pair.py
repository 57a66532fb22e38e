"""np.logaddexp rounds after each entry: in a long row, small shares are lost. Sum exps once."""

import numpy as np


def logsumexp(x, *, axis, sharpness):
    y = np.logaddexp.reduce(sharpness * x, axis=axis, keepdims=True) / sharpness

    def backward(dy):
        return (np.expand_dims(dy, axis) * np.exp(sharpness * (x - y)),)

    return y.squeeze(axis), backward
