"""The answer to exercise 10.2, and how to get there.

All query heads of a group ask the same keys. So put all their queries, of every token, below each
other as the rows of one matrix: group times T rows. For one text and one key-value head

    s = Q Kᵀ / √d_head,  p = softmax of each row of s,  y = p V

is ordinary attention, with more queries than keys. Row r belongs to token r mod T, which must not
see any later key. Backward, step by step from the end:

    dV = pᵀ dY                                   as for the weight of a dense layer
    dp = dY Vᵀ                                   as for its input
    ds_rj = p_rj (dp_rj - Σ_l p_rl dp_rl)        softmax, for each row
    dQ = ds K / √d_head,  dK = dsᵀ Q / √d_head   the product again

That keys and values are shared, and that many tokens see one key, needs no line of its own: pᵀ dY
and dsᵀ Q sum over all rows, which are all tokens of all heads of the group. Hidden entries need
none either: there p is 0, and so is ds.
"""

import numpy as np


def grouped_attention(q, k, v):
    (B, T, n_heads, d_head), n_kv_heads = q.shape, k.shape[2]
    group = n_heads // n_kv_heads

    def as_rows(x):
        """(B, T, n_heads, c) -> (B, n_kv_heads, group T, c): who asks one key-value head."""
        x = x.reshape(B, T, n_kv_heads, group, -1).transpose(0, 2, 3, 1, 4)
        return x.reshape(B, n_kv_heads, group * T, -1)

    def as_heads(x):
        """The way back."""
        x = x.reshape(B, n_kv_heads, group, T, -1).transpose(0, 3, 1, 2, 4)
        return x.reshape(B, T, n_heads, -1)

    rows = as_rows(q) * d_head**-0.5
    keys, cargo = k.transpose(0, 2, 1, 3), v.transpose(0, 2, 1, 3)
    weights = rows @ keys.swapaxes(-1, -2)
    is_later = np.arange(T) > np.tile(np.arange(T), group)[:, None]
    np.putmask(weights, np.broadcast_to(is_later, weights.shape), -np.inf)
    weights -= weights.max(axis=-1, keepdims=True)
    np.exp(weights, out=weights)
    weights /= weights.sum(axis=-1, keepdims=True)

    def backward(dy):
        drows = as_rows(dy)
        dscores = drows @ cargo.swapaxes(-1, -2)
        dscores -= np.einsum("...rj,...rj->...r", weights, dscores)[..., None]
        dscores *= weights
        dq = as_heads(dscores @ keys) * d_head**-0.5
        dkeys = dscores.swapaxes(-1, -2) @ rows
        dcargo = weights.swapaxes(-1, -2) @ drows
        return dq, dkeys.transpose(0, 2, 1, 3), dcargo.transpose(0, 2, 1, 3)

    return as_heads(weights @ cargo), backward
