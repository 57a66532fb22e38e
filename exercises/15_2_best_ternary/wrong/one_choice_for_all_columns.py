"""All columns share one threshold: each column has its own codes and its own best threshold."""

import numpy as np


def best_ternary(w):
    size = np.abs(w)
    falling = np.sort(size.ravel())[::-1]
    total = np.cumsum(falling)
    best = np.argmax(total**2 / np.arange(1, size.size + 1))
    keep = (size >= falling[best]) & (size > 0)
    scale = (size * keep).sum(axis=0) / np.maximum(keep.sum(axis=0), 1)
    codes = keep * np.where(w > 0, 1, -1)
    return codes.astype(np.int8), scale.astype(w.dtype)
