"""The slope is weighted, but the line goes through the plain mean: weigh both means too."""

import numpy as np


def fit(n, losses, runs, floor):
    x, y = np.log(n), np.log(losses - floor)
    slope, _ = np.polyfit(x, y, 1, w=np.sqrt(runs))
    start = y.mean() - slope * x.mean()
    alpha = -slope
    return alpha, np.exp(start / alpha)


def predict(n, alpha, n_c, floor):
    return floor + (n_c / n) ** alpha


def size_for(losses, alpha, n_c, floor):
    return n_c / (losses - floor) ** (1 / alpha)
