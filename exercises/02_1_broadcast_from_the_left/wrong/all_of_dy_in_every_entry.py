"""Every entry gets the sum of all of dy: it gets what its own copies get, and no more."""

import numpy as np


def sum_gradients(dy, shapes):
    return [dy if shape == dy.shape else np.full(shape, dy.sum()) for shape in shapes]
