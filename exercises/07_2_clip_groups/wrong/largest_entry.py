"""The largest entry is taken for the length: all entries count, by their squares."""

import numpy as np


def clip_groups(gradients, groups, limits):
    scales = np.ones(len(limits))
    for k, limit in enumerate(limits):
        members = [g for g, group in zip(gradients, groups, strict=True) if group == k]
        b = max([np.abs(g).max() for g in members], default=0)
        if any(not np.isfinite(g).all() for g in members):
            scales[k] = 0
        elif b > 0:
            scales[k] = min(1, limit / b)
    pairs = zip(gradients, groups, strict=True)
    return [g * float(scales[k]) if scales[k] else np.zeros_like(g) for g, k in pairs], scales
