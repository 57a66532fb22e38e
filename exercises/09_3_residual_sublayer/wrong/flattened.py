"""f is given u with its leading axes flattened: it mixes positions, so keep their shape."""

import numpy as np


def residual_sublayer(x, gain, f, eps=1e-5):
    eps = float(eps)
    r = 1 / np.sqrt((x * x).mean(axis=-1, keepdims=True) + eps)
    xhat = x * r
    u = xhat * gain
    v, f_backward = f(u.reshape(-1, x.shape[-1]))
    y = x + v.reshape(x.shape)

    def backward(dy):
        du, *rest = f_backward(dy.reshape(-1, x.shape[-1]))
        du = du.reshape(x.shape)
        dgain = (du * xhat).reshape(-1, x.shape[-1]).sum(axis=0)
        g = du * gain
        dnorm = r * (g - xhat * (g * xhat).mean(axis=-1, keepdims=True))
        dx = dy + dnorm
        return dx, dgain, *rest

    return y, backward
