"""You went straight from the first point to the last: the way has corners."""

import numpy as np


def integrated_gradients(f, points, steps):
    total = np.zeros_like(points[0])
    a, b = points[0], points[-1]
    for j in range(steps):
        t = (j + 0.5) / steps
        _, gradient = f(a + t * (b - a))
        total += gradient * (b - a) / steps
    first, last = f(points[0])[0], f(points[-1])[0]
    gap = total.sum(axis=-1) - (last - first)
    return total, gap
