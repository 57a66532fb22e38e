"""The gradient has the wrong sign: a higher score for what was voted must lower the loss."""

import numpy as np


def cross_entropy(scores, votes):
    z = scores - scores.max(axis=-1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=-1, keepdims=True))
    n = votes.sum()

    def backward(dy):
        return dy * (votes - votes.sum(axis=-1, keepdims=True) * np.exp(log_p)) / n

    return -(votes * log_p).sum() / n, backward
