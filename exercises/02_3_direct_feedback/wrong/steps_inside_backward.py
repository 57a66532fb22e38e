"""backward changed the weights: it says which way to go, and somebody else takes the step."""

import numpy as np


def fa_backward(x, weights, feedback):
    hidden = [x]
    for w in weights[:-1]:
        hidden.append(np.tanh(hidden[-1] @ w))

    def backward(dy):
        errors = [(dy @ b) * (1 - h * h) for b, h in zip(feedback, hidden[1:], strict=True)] + [dy]
        gradients = [h.T @ error for h, error in zip(hidden, errors, strict=True)]
        for w, dw in zip(weights, gradients, strict=True):
            w -= 0.1 * dw
        return gradients

    return hidden[-1] @ weights[-1], backward
