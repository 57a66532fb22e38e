"""Only the class with the most votes counts here: every vote counts, also those of the minority."""

import numpy as np


def cross_entropy(scores, votes):
    most = votes.argmax(axis=-1)[..., np.newaxis] == np.arange(votes.shape[-1])
    votes = most * votes.sum(axis=-1, keepdims=True)
    z = scores - scores.max(axis=-1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=-1, keepdims=True))
    n = votes.sum()

    def backward(dy):
        return dy * (votes.sum(axis=-1, keepdims=True) * np.exp(log_p) - votes) / n

    return -(votes * log_p).sum() / n, backward
