"""dscores is float64: an array or a number made on the way was not made in the type of scores."""

import numpy as np


def cross_entropy(scores, votes):
    z = scores - scores.max(axis=-1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=-1, keepdims=True))
    n = votes.sum()

    def backward(dy):
        return (
            dy * (votes.sum(axis=-1, keepdims=True) * np.exp(log_p) - votes) / np.full(1, n, float)
        )

    return -(votes * log_p).sum() / n, backward
