"""The credits are float64: floats of 32 bits in must give floats of 32 bits out."""

import numpy as np


def integrated_gradients(f, points, steps):
    points = points.astype(float)
    total = np.zeros_like(points[0])
    for k in range(1, len(points)):
        a, b = points[k - 1], points[k]
        for j in range(steps):
            t = (j + 0.5) / steps
            _, gradient = f(a + t * (b - a))
            total += gradient * (b - a) / steps
    first, last = f(points[0])[0], f(points[-1])[0]
    gap = total.sum(axis=-1) - (last - first)
    return total, gap
