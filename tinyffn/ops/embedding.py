"""Embedding: ids into vectors, which is a one-hot matrix product that skips the zeros."""

import numpy as np

from tinyffn.tensor import op


@op
def embedding(table, *, ids):
    """Take the row of the table that each id names.

    Forward    y_nj = table_ij with i = ids_n
    Backward   dtable_ij = Σ_n dy_nj over the n with ids_n = i
    Shapes     table (vocab_size, d_model) -> y (..., d_model)
    Errors     TypeError if ids are not integers, ValueError if one is not in 0..vocab_size-1
    Source     Bengio et al. 2003 (A neural probabilistic language model), section 2
    """
    ids = _checked_ids(table, ids)
    y = table[ids]

    def backward(dy):
        # Sorted by id, the gradients of one row lie together and are summed in one sweep.
        order = np.argsort(ids, axis=None, kind="stable")
        rows, starts = np.unique(ids.ravel()[order], return_index=True)
        dtable = np.zeros_like(table)
        if rows.size:
            dtable[rows] = np.add.reduceat(dy.reshape(-1, dy.shape[-1])[order], starts, axis=0)
        return (dtable,)

    return y, backward


def _checked_ids(table, ids):
    ids = np.asarray(ids)
    if table.ndim != 2:
        raise ValueError(f"embedding: table {table.shape} must be (vocab_size, d_model)")
    if not np.issubdtype(ids.dtype, np.integer):
        raise TypeError(f"embedding: ids are {ids.dtype}, but must be integers")
    if ids.size and not 0 <= ids.min() <= ids.max() < len(table):
        raise ValueError(
            f"embedding: ids run from {ids.min()} to {ids.max()}, "
            f"but the table has rows 0 to {len(table) - 1}"
        )
    return ids
