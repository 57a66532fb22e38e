"""dz lacks the factor y: an x with hardly any weight has hardly any gradient."""

import numpy as np


def softmax(x, tau):
    tau = float(tau)
    z = (x - x.max(axis=-1, keepdims=True)) / tau
    e = np.exp(z)
    y = e / e.sum(axis=-1, keepdims=True)
    z = np.where(y > 0, z, 0)

    def backward(dy):
        dz = dy - np.sum(dy * y, axis=-1, keepdims=True)
        dx = dz / tau
        dtau = -np.sum(dz * z) / tau
        return dx, dtau

    return y, backward
