"""The weighted means are divided by the number of points: divide by the sum of the runs."""

import numpy as np


def fit(n, losses, runs, floor):
    x, y = np.log(n), np.log(losses - floor)
    mx, my = np.mean(runs * x), np.mean(runs * y)
    slope = np.sum(runs * (x - mx) * (y - my)) / np.sum(runs * (x - mx) ** 2)
    start = my - slope * mx
    alpha = -slope
    return alpha, np.exp(start / alpha)


def predict(n, alpha, n_c, floor):
    return floor + (n_c / n) ** alpha


def size_for(losses, alpha, n_c, floor):
    return n_c / (losses - floor) ** (1 / alpha)
