"""The inverse of the moment stands between w and v: take the moment, as large inputs count more."""

import numpy as np


def flipped_gates(w, v, moment):
    inverse = np.linalg.inv(moment)
    ww, wv, vv = ((a * (inverse @ b)).sum(axis=0) for a, b in ((w, w), (w, v), (v, v)))
    one = (ww > 0) != (vv > 0)
    both = (ww > 0) & (vv > 0)
    length = np.sqrt(np.where(both, ww * vv, 1))
    cosine = np.clip(wv / length, -1, 1)
    theta = np.arccos(cosine)
    wedge = theta - np.sin(theta) * cosine
    flips = np.where(both, theta / np.pi, 0.5 * one)
    lost = np.where(both, wedge / np.pi, 1.0 * (one & (vv == 0)))
    return flips, lost
