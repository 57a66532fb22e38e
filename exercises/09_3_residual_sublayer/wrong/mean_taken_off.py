"""The mean of the row is taken off first: this norm only divides."""

import numpy as np


def residual_sublayer(x, gain, f, eps=1e-5):
    eps = float(eps)
    x0, x = x, x - x.mean(axis=-1, keepdims=True)
    r = 1 / np.sqrt((x * x).mean(axis=-1, keepdims=True) + eps)
    xhat = x * r
    u = xhat * gain
    v, f_backward = f(u)
    y = x0 + v

    def backward(dy):
        du, *rest = f_backward(dy)
        dgain = (du * xhat).reshape(-1, x.shape[-1]).sum(axis=0)
        g = du * gain
        dnorm = r * (g - xhat * (g * xhat).mean(axis=-1, keepdims=True))
        dx = dy + dnorm - dnorm.mean(axis=-1, keepdims=True)
        return dx, dgain, *rest

    return y, backward
