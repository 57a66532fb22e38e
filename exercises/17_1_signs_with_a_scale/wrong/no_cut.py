"""Weights outside [-1, 1] get a gradient through their sign: there the slope of the line is 0."""

import numpy as np


def sign_layer(x, w):
    s, scale = np.where(w >= 0, 1, -1).astype(w.dtype), np.abs(w).mean(axis=0)

    def backward(dy):
        dq = x.reshape(-1, len(w)).T @ dy.reshape(-1, w.shape[1])
        return dy @ (scale * s).T, dq * scale + s * (dq * s).sum(axis=0) / w.dtype.type(len(w))

    return x @ (scale * s), backward
