"""The loss is a mean, its gradient is that of a sum: divide it by the number of votes, too."""

import numpy as np


def cross_entropy(scores, votes):
    z = scores - scores.max(axis=-1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=-1, keepdims=True))
    n = votes.sum()

    def backward(dy):
        return dy * (votes.sum(axis=-1, keepdims=True) * np.exp(log_p) - votes)

    return -(votes * log_p).sum() / n, backward
