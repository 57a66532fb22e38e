"""The answer to exercise 6.1, and how to get there.

Let m_nt be 0 where ids_nt is the padding and 1 elsewhere. Then the sum may run over all places:

    y_nj = Σ_t m_nt weights_nt table_ij, i = ids_nt

table_ij reaches the loss through y_nj, once for each place (n, t) that holds the id i, and on each
of these ways it is multiplied by m_nt weights_nt. All ways add up:

    dtable_ij = Σ_nt [ids_nt = i] m_nt weights_nt dy_nj

In this sum [ids_nt = i] is a one-hot row for each place; with the m_nt weights_nt in it, it is a
matrix `share` with a column for each id, and dtable is its transpose times dy. That is no quick
way for a large vocabulary (the matrix is mostly zeros), but repeated ids cannot go wrong in it.

weights_nt reaches the loss through every y_nj of its own text:

    dweights_nt = m_nt Σ_j dy_nj table_ij, i = ids_nt
"""

import numpy as np


def bag(table, ids, weights, padding):
    counts = (ids != padding).astype(table.dtype)
    one_hot = counts[..., None] * (ids[..., None] == np.arange(len(table)))
    share = np.einsum("...t,...ti->...i", weights, one_hot)  # how much of each row y takes

    def backward(dy):
        dtable = share.reshape(-1, len(table)).T @ dy.reshape(-1, table.shape[1])
        dweights = np.einsum("...ti,ij,...j->...t", one_hot, table, dy)
        return dtable, dweights

    return share @ table, backward
