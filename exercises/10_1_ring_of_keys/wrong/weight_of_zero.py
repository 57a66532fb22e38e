"""Empty places get a weight of 0, but 0 times infinity is NaN: leave these places out."""

import numpy as np


def attend(q, k, v, keys, values, n_seen):
    room, group = keys.shape[1], q.shape[1] // k.shape[1]
    keys, values = keys.copy(), values.copy()
    place = n_seen % room
    keys[:, place], values[:, place] = k, v
    is_empty = np.arange(room) > n_seen
    K = np.repeat(keys, group, axis=2)
    V = np.repeat(values, group, axis=2)
    s = np.einsum("bhc,bthc->bht", q, K) * q.shape[-1] ** -0.5
    s = np.where(is_empty, -np.inf, s)
    p = np.exp(s - s.max(axis=-1, keepdims=True))
    p = p / p.sum(axis=-1, keepdims=True)
    y = np.einsum("bht,bthc->bhc", p, V)
    return y, keys, values
