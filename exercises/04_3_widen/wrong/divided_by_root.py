"""The rows are divided by the root of the count: squares would add up then, but these are sums."""

import numpy as np


def widen(layers, copies):
    new = [list(layer) for layer in layers]
    for i, copy in enumerate(copies):
        counts = np.bincount(copy).astype(new[i + 1][0].dtype)
        new[i][0], new[i][1] = new[i][0][:, copy], new[i][1][copy]
        new[i + 1][0] = new[i + 1][0][copy] / np.sqrt(counts[copy])[:, None]
    return new
