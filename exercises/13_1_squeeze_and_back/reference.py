"""The answer to exercise 13.1, and how to get there.

With inputs as rows, x (N, n): h = x wᵀ (N, m), z = h w + b (N, n), x' = relu(z). Let W be the sum
of the importances, a number. Each z acts on the loss through one square:

    dz_Ni = 2 importance_i (x'_Ni - x_Ni) / (N W)   where z_Ni > 0, else 0

b is added to every input's z: db is the sum of dz over the inputs. w stands in two places. If the
one that reads were another matrix than the one that writes, each would have its own gradient:

    the one that reads, z = h w         hᵀ dz               (m, n)
    the one that writes, h = x wᵀ       dh = dz wᵀ (N, m), and then dhᵀ x (m, n)

One matrix that does both jobs moves both at once: its gradient is the sum.
"""

import numpy as np


def squeeze_loss(x, w, b, importance):
    inputs = x.reshape(-1, x.shape[-1])
    kept = inputs @ w.T
    read = kept @ w + b
    error = np.maximum(read, 0) - inputs
    share = importance / importance.sum() / len(inputs)
    dread = np.where(read > 0, 2 * share * error, 0)
    as_reader = kept.T @ dread
    as_writer = (dread @ w.T).T @ inputs
    return np.sum(share * error**2), as_reader + as_writer, dread.sum(axis=0)
