"""When the cache is full, all tokens move up by one: they stay, and the oldest is overwritten."""

import numpy as np


def attend(q, k, v, keys, values, n_seen):
    room, group = keys.shape[1], q.shape[1] // k.shape[1]
    shift = -1 if n_seen >= room else 0
    keys, values = np.roll(keys, shift, axis=1), np.roll(values, shift, axis=1)
    place = min(n_seen, room - 1)
    keys[:, place], values[:, place] = k, v
    taken = min(n_seen + 1, room)
    K = np.repeat(keys[:, :taken], group, axis=2)
    V = np.repeat(values[:, :taken], group, axis=2)
    s = np.einsum("bhc,bthc->bht", q, K) * q.shape[-1] ** -0.5
    p = np.exp(s - s.max(axis=-1, keepdims=True))
    p = p / p.sum(axis=-1, keepdims=True)
    y = np.einsum("bht,bthc->bhc", p, V)
    return y, keys, values
