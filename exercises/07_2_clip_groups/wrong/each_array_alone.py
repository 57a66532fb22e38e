"""Each array was clipped by its own length: the arrays of a group have one length and one scale."""

import numpy as np


def clip_groups(gradients, groups, limits):
    clipped, scales = [], np.ones(len(limits))
    for g, k in zip(gradients, groups, strict=True):
        scales[k] = min(1, limits[k] / np.sqrt((g.astype(float) ** 2).sum()))
        clipped.append(g * float(scales[k]))
    return clipped, scales
