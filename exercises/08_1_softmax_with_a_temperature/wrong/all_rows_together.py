"""All weights together sum to 1: the weights of each row must, so sum along the last axis."""

import numpy as np


def softmax(x, tau):
    tau = float(tau)
    z = (x - x.max()) / tau
    e = np.exp(z)
    y = e / e.sum()
    z = np.where(y > 0, z, 0)

    def backward(dy):
        dz = y * (dy - np.sum(dy * y, axis=-1, keepdims=True))
        dx = dz / tau
        dtau = -np.sum(dz * z) / tau
        return dx, dtau

    return y, backward
