"""y came out as float64: an array made on the way (by np.zeros, say) was not made in float32."""

import numpy as np


def dense(x, w, b):
    y = np.zeros((*x.shape[:-1], len(b)))
    y += x @ w.T + b

    def backward(dy):
        rows, flat = dy.reshape(-1, len(b)), x.reshape(-1, w.shape[1])
        return dy @ w, rows.T @ flat, rows.sum(axis=0)

    return y, backward
