"""A full cache still shows the token that the new one overwrites: room tokens are seen."""

import numpy as np


def attend(q, k, v, keys, values, n_seen):
    room, group = keys.shape[1], q.shape[1] // k.shape[1]
    old_keys, old_values = keys, values
    keys, values = keys.copy(), values.copy()
    place = n_seen % room
    keys[:, place], values[:, place] = k, v
    taken = min(n_seen + 1, room)
    seen = [(keys[:, :taken], values[:, :taken])]
    if n_seen >= room:
        seen.append((old_keys[:, place, None], old_values[:, place, None]))
    K = np.repeat(np.concatenate([a for a, _ in seen], axis=1), group, axis=2)
    V = np.repeat(np.concatenate([b for _, b in seen], axis=1), group, axis=2)
    s = np.einsum("bhc,bthc->bht", q, K) * q.shape[-1] ** -0.5
    p = np.exp(s - s.max(axis=-1, keepdims=True))
    p = p / p.sum(axis=-1, keepdims=True)
    y = np.einsum("bht,bthc->bhc", p, V)
    return y, keys, values
