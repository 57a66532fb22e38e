"""What a copy receives is divided: then its ReLU gives less, and it is no copy any more."""

import numpy as np


def widen(layers, copies):
    new = [list(layer) for layer in layers]
    for i, copy in enumerate(copies):
        counts = np.bincount(copy).astype(new[i + 1][0].dtype)
        shares = counts[copy]
        new[i][0], new[i][1] = new[i][0][:, copy] / shares, new[i][1][copy] / shares
        new[i + 1][0] = new[i + 1][0][copy]
    return new
