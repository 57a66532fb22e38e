"""Lost is taken from the angle of w and v alone: take the one of flips, as inputs see it."""

import numpy as np


def flipped_gates(w, v, moment):
    ww, wv, vv = ((a * (moment @ b)).sum(axis=0) for a, b in ((w, w), (w, v), (v, v)))
    one = (ww > 0) != (vv > 0)
    both = (ww > 0) & (vv > 0)
    length = np.sqrt(np.where(both, ww * vv, 1))
    flips = np.where(both, np.arccos(np.clip(wv / length, -1, 1)) / np.pi, 0.5 * one)
    plain = np.linalg.norm(w, axis=0) * np.linalg.norm(v, axis=0)
    cosine = np.clip((w * v).sum(axis=0) / np.where(both, plain, 1), -1, 1)
    theta = np.arccos(cosine)
    wedge = theta - np.sin(theta) * cosine
    return flips, np.where(both, wedge / np.pi, 1.0 * (one & (vv == 0)))
