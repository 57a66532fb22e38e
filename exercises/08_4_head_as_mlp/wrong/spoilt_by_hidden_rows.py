"""What stands in hidden rows gets through, as 0 times NaN: replace or leave out these rows."""

import numpy as np


def head_as_mlp(w_query, b_query, keys, values, slope, hidden):
    root = float(keys.shape[1]) ** 0.5
    places = np.arange(len(keys))
    w_up = w_query @ keys.T / root
    b_up = keys @ b_query / root + (float(slope) * places).astype(keys.dtype)
    b_up[hidden] = -np.inf
    return w_up, b_up, values
