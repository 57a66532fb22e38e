"""dtau is a mean over the rows: all rows share one tau, so their parts add up."""

import numpy as np


def softmax(x, tau):
    tau = float(tau)
    z = (x - x.max(axis=-1, keepdims=True)) / tau
    e = np.exp(z)
    y = e / e.sum(axis=-1, keepdims=True)
    z = np.where(y > 0, z, 0)

    def backward(dy):
        dz = y * (dy - np.sum(dy * y, axis=-1, keepdims=True))
        dx = dz / tau
        dtau = -np.mean(np.sum(dz * z, axis=-1)) / tau
        return dx, dtau

    return y, backward
