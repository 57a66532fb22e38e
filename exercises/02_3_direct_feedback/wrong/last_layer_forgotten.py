"""The gradient of the last layer is missing: it needs no feedback, and it is exact."""

import numpy as np


def fa_backward(x, weights, feedback):
    hidden = [x]
    for w in weights[:-1]:
        hidden.append(np.tanh(hidden[-1] @ w))

    def backward(dy):
        errors = [(dy @ b) * (1 - h * h) for b, h in zip(feedback, hidden[1:], strict=True)]
        return [h.T @ error for h, error in zip(hidden[:-1], errors, strict=True)]

    return hidden[-1] @ weights[-1], backward
