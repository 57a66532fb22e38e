"""The scores are multiplied by something that falls with the distance: a penalty is added."""

import numpy as np


def head_as_mlp(w_query, b_query, keys, values, slope, hidden):
    root = float(keys.shape[1]) ** 0.5
    keys = np.where(hidden[:, None], 0, keys)
    values = np.where(hidden[:, None], 0, values)
    places = np.arange(len(keys))
    near = np.exp(-float(slope) * (len(keys) - 1 - places)).astype(keys.dtype)
    w_up = w_query @ keys.T / root * near
    b_up = keys @ b_query / root * near
    b_up[hidden] = -np.inf
    return w_up, b_up, values
