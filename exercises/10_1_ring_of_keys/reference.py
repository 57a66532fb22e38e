"""The answer to exercise 10.1, and how to get there.

Attention is a weighted sum over the tokens that are seen, and a sum has no order. So no token ever
has to move: the new one overwrites the oldest. That is token number n_seen - room, and it lies at
the very place, because two numbers that differ by room have the same remainder.

    room = 4     token   0  1  2  3  4  5  6 ...
                 place   0  1  2  3  0  1  2 ...

After writing, the first n_seen + 1 places hold a token, or all of them. Cut the others off, rather
than give them a weight of 0: 0 times infinity is no number, and nobody promised that an empty
place holds numbers.

What a ring forgets is gone: a token that has left can still act, but only through the tokens that
saw it when it was there.
"""

import numpy as np


def attend(q, k, v, keys, values, n_seen):
    (B, n_heads, d_head), room = q.shape, keys.shape[1]
    new_keys, new_values = keys.copy(), values.copy()
    for cache, row in ((new_keys, k), (new_values, v)):
        cache[:, n_seen % room] = row

    taken = slice(min(n_seen + 1, room))
    groups = q.reshape(B, k.shape[1], -1, d_head)
    scores = np.einsum("bghc,bjgc->bghj", groups, new_keys[:, taken]) * d_head**-0.5
    parts = np.exp(scores - scores.max(axis=-1, keepdims=True))
    y = np.einsum("bghj,bjgc->bghc", parts, new_values[:, taken])
    y /= parts.sum(axis=-1, keepdims=True)
    return y.reshape(B, n_heads, -1), new_keys, new_values
