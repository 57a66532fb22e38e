"""dy is ignored: where the loss is multiplied by 3 later on, its gradient is 3 times as large."""

import numpy as np


def cross_entropy(scores, votes):
    z = scores - scores.max(axis=-1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=-1, keepdims=True))
    n = votes.sum()

    def backward(dy):
        return (votes.sum(axis=-1, keepdims=True) * np.exp(log_p) - votes) / n

    return -(votes * log_p).sum() / n, backward
