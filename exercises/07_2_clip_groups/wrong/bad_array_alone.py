"""Only the bad array became zeros: nothing of its whole group can be trusted."""

import numpy as np


def clip_groups(gradients, groups, limits):
    scales = np.ones(len(limits))
    for k, limit in enumerate(limits):
        members = [g for g, group in zip(gradients, groups, strict=True) if group == k]
        b = max([np.abs(g).max() for g in members], default=0)
        members = [g for g in members if np.isfinite(g).all()]
        b = max([np.abs(g).max() for g in members], default=0)
        if b > 0:
            r = np.sqrt(sum(((g / b) ** 2).sum() for g in members))
            scales[k] = min(1, limit / b / r)
    pairs = zip(gradients, groups, strict=True)
    good = [(g, k) if np.isfinite(g).all() else (np.zeros_like(g), k) for g, k in pairs]
    return [g * float(scales[k]) for g, k in good], scales
