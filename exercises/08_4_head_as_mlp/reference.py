"""The answer to exercise 8.4, and how to get there.

Put q = x w_query + b_query into the score of key j:

    score_j = Σ_c (Σ_m x_m w_query_mc + b_query_c) key_jc / √d_head - slope t + slope j

The first part is x times column j of w_query keysᵀ / √d_head: that is w_up. The second does not
depend on x: keys b_query / √d_head is a part of b_up. -slope t is the same for all keys of a query.
Softmax does not notice a number that is added to all its entries, so it may be left out, and t is
not needed. What remains, slope j, is the other part of b_up: later keys gain, instead of earlier
ones losing. The values are the rows of w_down.

So each key is a hidden unit: its key says what it answers to, its value what it sends on. A hidden
key is a unit that is not there. (It could stay, with b_up = -∞, but then NaN in its rows would have
to be removed: 0 times NaN is NaN.) The position j is that before any unit was left out.
"""

import numpy as np


def head_as_mlp(w_query, b_query, keys, values, slope, hidden):
    (shown,) = np.nonzero(~hidden)
    units = keys[shown].T / float(keys.shape[1]) ** 0.5
    gains = (float(slope) * shown).astype(units.dtype)
    return w_query @ units, b_query @ units + gains, values[shown]
