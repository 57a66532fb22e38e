"""The answer to exercise 15.3, and how to get there.

With the mean magnitude as its scale, a group of n weights keeps (Σ |w|)² / n of its squares Σ w²:

    Σ (w - scale code)²  =  Σ w²  -  (Σ |w|)² / n

Sums of a merged group are sums over its blocks, and n is `rows` times the number of its blocks. Add
up over all groups, and divide by all squares:

    error  =  1  -  Σ_groups (Σ |w|)² / n  /  Σ w²

So the squares are needed only in total. Two blocks of the same length with sums s and t keep
(s² + t²) / rows apart, and (s + t)² / (2 rows) as one group: merging costs (s - t)² / (2 rows),
and nothing where the mean magnitudes agree, whatever else differs.

Groups times 16 bits, over all weights, come to the bit of the sign.
"""

import numpy as np


def sign_errors(sums, squares, rows, merges):
    n_blocks, d_out = sums.shape
    kept, n_scales = [], []
    for m in merges:
        firsts = np.arange(0, n_blocks, m)
        sizes = rows * np.diff(firsts, append=n_blocks)
        of_groups = np.add.reduceat(sums, firsts, axis=0)
        kept.append((of_groups**2 / sizes[:, None]).sum())
        n_scales.append(len(firsts) * d_out)
    total = squares.sum()
    error = 1 - np.array(kept) / total if total > 0 else np.zeros(len(kept))
    return error, 1 + 16 * np.array(n_scales) / (rows * n_blocks * d_out)
