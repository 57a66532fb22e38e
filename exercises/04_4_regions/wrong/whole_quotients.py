"""x // d rounds down to a whole number, so points nearby are taken for one: keep x and y with d."""

import numpy as np


def regions_added(w, b, half):
    added, drawn = [], []
    for i in range(len(b)):
        points, is_new = set(), abs(b[i]) < half * (abs(w[0, i]) + abs(w[1, i]))
        for j in drawn:
            d = w[0, i] * w[1, j] - w[1, i] * w[0, j]
            x, y = w[1, i] * b[j] - b[i] * w[1, j], b[i] * w[0, j] - w[0, i] * b[j]
            if d == 0:
                is_new = is_new and (x != 0 or y != 0)
            elif max(abs(x), abs(y)) < half * abs(d):
                points.add((x // d, y // d))
        added.append(is_new * (1 + len(points)))
        if is_new:
            drawn.append(i)
    return np.array(added, dtype=np.int64)
