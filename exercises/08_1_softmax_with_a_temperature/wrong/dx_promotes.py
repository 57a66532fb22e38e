"""dx became float64: something on the way is, such as np.eye or np.zeros without a dtype."""

import numpy as np


def softmax(x, tau):
    tau = float(tau)
    z = (x - x.max(axis=-1, keepdims=True)) / tau
    e = np.exp(z)
    y = e / e.sum(axis=-1, keepdims=True)
    z = np.where(y > 0, z, 0)

    def backward(dy):
        dz = y * (np.eye(x.shape[-1]) @ dy[..., None])[..., 0]
        dz -= y * np.sum(dz, axis=-1, keepdims=True)
        dx = dz / tau
        dtau = -np.sum(dz * z) / tau
        return dx, dtau

    return y, backward
