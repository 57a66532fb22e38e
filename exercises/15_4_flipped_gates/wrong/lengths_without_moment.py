"""The moment is in w · v, but not in the lengths: they too are as inputs see them, √(wᵀ C w)."""

import numpy as np


def flipped_gates(w, v, moment):
    ww, wv, vv = (w * w).sum(axis=0), (w * (moment @ v)).sum(axis=0), (v * v).sum(axis=0)
    one = (ww > 0) != (vv > 0)
    both = (ww > 0) & (vv > 0)
    length = np.sqrt(np.where(both, ww * vv, 1))
    cosine = np.clip(wv / length, -1, 1)
    theta = np.arccos(cosine)
    wedge = theta - np.sin(theta) * cosine
    flips = np.where(both, theta / np.pi, 0.5 * one)
    lost = np.where(both, wedge / np.pi, 1.0 * (one & (vv == 0)))
    return flips, lost
