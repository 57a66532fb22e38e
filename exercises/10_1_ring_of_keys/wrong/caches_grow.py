"""The caches come back longer or shorter: they keep their room, and a token takes its place."""

import numpy as np


def attend(q, k, v, keys, values, n_seen):
    group = q.shape[1] // k.shape[1]
    keys = np.concatenate([keys[:, :n_seen], k[:, None]], axis=1)
    values = np.concatenate([values[:, :n_seen], v[:, None]], axis=1)
    K = np.repeat(keys, group, axis=2)
    V = np.repeat(values, group, axis=2)
    s = np.einsum("bhc,bthc->bht", q, K) * q.shape[-1] ** -0.5
    p = np.exp(s - s.max(axis=-1, keepdims=True))
    p = p / p.sum(axis=-1, keepdims=True)
    y = np.einsum("bht,bthc->bhc", p, V)
    return y, keys, values
