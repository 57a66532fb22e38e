"""The answer to exercise 7.2, and how to get there.

One factor s for a whole group makes it s times as long and keeps its direction. So s = 1 if the
length L is within the limit, and limit / L if it is not: min(1, limit / L).

If B is the largest size of an entry, then every entry is B times a number of size 1 or less, and

    L = B √(Σ (g / B)²)

The root lies between 1 and √n, so nothing in it overflows. L itself might, so divide by B and by
the root one after the other. The largest size also tells of trouble: it is 0 only if all entries
are 0, and it is infinite or not a number if an entry is. There 0 times the gradient would not do,
since 0 times infinity is not a number: the zeros have to be made.
"""

import numpy as np


def scale_of(gradients, limit):
    largest = max((float(np.max(np.abs(g))) for g in gradients), default=0.0)
    if any(not np.all(np.isfinite(g)) for g in gradients):
        return 0.0
    if largest == 0:
        return 1.0
    root = np.sqrt(sum(np.sum((g.astype(np.float64) / largest) ** 2) for g in gradients))
    return min(1.0, limit / largest / root)


def clip_groups(gradients, groups, limits):
    scales = []
    for number, limit in enumerate(limits):
        members = [g for g, group in zip(gradients, groups, strict=True) if group == number]
        scales.append(scale_of(members, limit))
    clipped = []
    for g, group in zip(gradients, groups, strict=True):
        scale = float(scales[group])
        clipped.append(g * scale if scale > 0 else np.zeros_like(g))
    return clipped, np.array(scales)
