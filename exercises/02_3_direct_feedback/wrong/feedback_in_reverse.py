"""The feedback is used from the last to the first: b_k belongs to hidden layer k."""

import numpy as np


def fa_backward(x, weights, feedback):
    hidden = [x]
    for w in weights[:-1]:
        hidden.append(np.tanh(hidden[-1] @ w))

    def backward(dy):
        errors = [
            (dy @ b) * (1 - h * h) for b, h in zip(feedback[::-1], hidden[1:], strict=True)
        ] + [dy]
        return [h.T @ error for h, error in zip(hidden, errors, strict=True)]

    return hidden[-1] @ weights[-1], backward
