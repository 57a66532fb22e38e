"""The step is made with m and v from before it: they move on first, by g."""

import numpy as np


def flip_limits(w, g, m, v, t, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
    u = m / (1 - betas[0] ** t) / (np.sqrt(0 * g + v / (1 - betas[1] ** t)) + eps)
    u = u + weight_decay * w
    flips = np.isfinite(u) & (u != 0) & ((u > 0) == (w >= 0))
    return np.where(flips, w / np.where(u == 0, 1, u), np.inf)


def flipped_shares(limits, rates):
    return np.array([np.mean(limits < rate) for rate in rates])
