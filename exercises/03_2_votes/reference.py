"""The answer to exercise 3.2, and how to get there.

Let W_n = Σ_i votes_ni be the votes of picture n, and W those of the batch. Since
log p_ni = scores_ni - log Σ_k exp(scores_nk),

    W loss = Σ_n ( W_n log Σ_k exp(scores_nk)  -  Σ_i votes_ni scores_ni )

The slope of log Σ_k exp(scores_nk) for scores_ni is exp(scores_ni) / Σ_k exp(scores_nk) = p_ni, so

    dscores_ni = dy (W_n p_ni - votes_ni) / W

With one vote for each picture that is (p - onehot) / n. For a picture without votes it is zero.

Large scores: the row's maximum is taken off first, so that no exp is above 1; and log p is the
difference above, never the log of a p that has become 0.
"""

import numpy as np


def cross_entropy(scores, votes):
    z = scores - scores.max(axis=-1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=-1, keepdims=True))
    n_votes = votes.sum()

    def backward(dy):
        of_picture = votes.sum(axis=-1, keepdims=True)
        return (of_picture * np.exp(log_p) - votes) * (dy / n_votes)

    return -(votes * log_p).sum() / n_votes, backward
