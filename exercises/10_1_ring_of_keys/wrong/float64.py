"""The results are float64 for float32 inputs: a float64 met the arrays, a root or a new array."""

import numpy as np


def attend(q, k, v, keys, values, n_seen):
    room, group = keys.shape[1], q.shape[1] // k.shape[1]
    keys, values = keys.copy(), values.copy()
    place = n_seen % room
    keys[:, place], values[:, place] = k, v
    taken = min(n_seen + 1, room)
    K = np.repeat(keys[:, :taken], group, axis=2)
    V = np.repeat(values[:, :taken], group, axis=2)
    s = np.einsum("bhc,bthc->bht", q, K) / np.sqrt(q.shape[-1])
    p = np.exp(s - s.max(axis=-1, keepdims=True))
    p = p / p.sum(axis=-1, keepdims=True)
    y = np.einsum("bht,bthc->bhc", p, V)
    return y, keys, values
