"""A column of zeros has no angle, and nan comes out: it is never on, so flips are 1/2."""

import numpy as np


def flipped_gates(w, v, moment):
    ww, wv, vv = ((a * (moment @ b)).sum(axis=0) for a, b in ((w, w), (w, v), (v, v)))
    length = np.sqrt(ww * vv)
    cosine = np.clip(wv / length, -1, 1)
    theta = np.arccos(cosine)
    wedge = theta - np.sin(theta) * cosine
    flips = theta / np.pi
    lost = wedge / np.pi
    return flips, lost
