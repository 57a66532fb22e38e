"""It writes into the gradients it was given: make new ones."""

import numpy as np


def clip_groups(gradients, groups, limits):
    scales = np.ones(len(limits))
    for k, limit in enumerate(limits):
        members = [g for g, group in zip(gradients, groups, strict=True) if group == k]
        b = max([np.abs(g).max() for g in members], default=0)
        if any(not np.isfinite(g).all() for g in members):
            scales[k] = 0
        elif b > 0:
            r = np.sqrt(sum(((g / b) ** 2).sum() for g in members))
            scales[k] = min(1, limit / b / r)
    for g, k in zip(gradients, groups, strict=True):
        g[...] = g * float(scales[k]) if scales[k] else 0
    return gradients, scales
