"""Weight decay has the wrong sign: it draws the weight to 0, so it is added to u."""

import numpy as np


def flip_limits(w, g, m, v, t, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
    m = betas[0] * m + (1 - betas[0]) * g
    v = betas[1] * v + (1 - betas[1]) * g**2
    u = m / (1 - betas[0] ** t) / (np.sqrt(v / (1 - betas[1] ** t)) + eps)
    u = u - weight_decay * w
    flips = (u != 0) & ((u > 0) == (w >= 0))
    return np.where(flips, w / np.where(u == 0, 1, u), np.inf)


def flipped_shares(limits, rates):
    return np.array([np.mean(limits < rate) for rate in rates])
