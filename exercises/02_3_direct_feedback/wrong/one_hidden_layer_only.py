"""Only networks with one hidden layer come out right: feedback may hold none, or several."""

import numpy as np


def fa_backward(x, weights, feedback):
    h = np.tanh(x @ weights[0])

    def backward(dy):
        return [x.T @ (dy @ feedback[0] * (1 - h * h)), h.T @ dy]

    return h @ weights[1], backward
