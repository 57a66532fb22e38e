"""p sums to 1 over the pictures: it must sum to 1 over the classes, the last axis."""

import numpy as np


def cross_entropy(scores, votes):
    z = scores - scores.max(axis=0)
    log_p = z - np.log(np.exp(z).sum(axis=0))
    n = votes.sum()

    def backward(dy):
        return dy * (votes.sum(axis=-1, keepdims=True) * np.exp(log_p) - votes) / n

    return -(votes * log_p).sum() / n, backward
