"""Only the last hidden layer uses its feedback: the others must get dy directly as well."""

import numpy as np


def fa_backward(x, weights, feedback):
    hidden = [x]
    for w in weights[:-1]:
        hidden.append(np.tanh(hidden[-1] @ w))

    def backward(dy):
        errors = [dy]
        for k in range(len(feedback), 0, -1):
            dh = dy @ feedback[-1] if k == len(feedback) else errors[0] @ weights[k].T
            errors.insert(0, dh * (1 - hidden[k] ** 2))
        return [h.T @ error for h, error in zip(hidden, errors, strict=True)]

    return hidden[-1] @ weights[-1], backward
