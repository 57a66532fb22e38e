"""What is lost is divided by all squares of w · x: divide by those where the neuron is on."""

import numpy as np


def flipped_gates(w, v, moment):
    ww, wv, vv = ((a * (moment @ b)).sum(axis=0) for a, b in ((w, w), (w, v), (v, v)))
    one = (ww > 0) != (vv > 0)
    both = (ww > 0) & (vv > 0)
    length = np.sqrt(np.where(both, ww * vv, 1))
    cosine = np.clip(wv / length, -1, 1)
    theta = np.arccos(cosine)
    wedge = theta - np.sin(theta) * cosine
    flips = np.where(both, theta / np.pi, 0.5 * one)
    lost = np.where(both, wedge / (2 * np.pi), 1.0 * (one & (vv == 0)))
    return flips, lost
