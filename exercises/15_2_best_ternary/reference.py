"""The answer to exercise 15.2, and how to get there.

Take one column, and say that k codes are not 0. With the scale α, as for signs,

    Σ (w - α code)²  =  Σ w²  -  2 α Σ w code  +  k α²

For given k the middle term takes most away if the codes that are not 0 belong to the k largest
magnitudes, with the signs of their weights: then Σ w code is S_k, the sum of these magnitudes. The
best scale is their mean, α = S_k / k, and what is left is

    Σ w²  -  S_k² / k

So k is to make S_k² / k largest: sort the magnitudes downwards, add them up one by one, and look
at all k from 1 to d_in. A threshold is no more than the smallest magnitude that is kept. A 0 is
never kept, as it leaves S_k as it is and makes k larger; only in a column of zeros each k is alike.
"""

import numpy as np


def best_ternary(w):
    sizes = np.abs(w)
    falling = -np.sort(-sizes, axis=0)
    so_far = falling.cumsum(axis=0)
    k = np.arange(1, len(w) + 1, dtype=w.dtype)[:, None]
    best = (so_far**2 / k).argmax(axis=0)[None]
    scale = np.take_along_axis(so_far / k, best, axis=0)[0]
    is_kept = (sizes >= np.take_along_axis(falling, best, axis=0)) & (sizes > 0)
    return np.where(w > 0, is_kept, -1 * is_kept).astype(np.int8), scale
