"""The gain is missing in the mean over the row: the norm hands on gain du there too, not du."""

import numpy as np


def residual_sublayer(x, gain, f, eps=1e-5):
    eps = float(eps)
    r = 1 / np.sqrt((x * x).mean(axis=-1, keepdims=True) + eps)
    xhat = x * r
    u = xhat * gain
    v, f_backward = f(u)
    y = x + v

    def backward(dy):
        du, *rest = f_backward(dy)
        dgain = (du * xhat).reshape(-1, x.shape[-1]).sum(axis=0)
        g = du * gain
        dnorm = r * (g - xhat * (du * xhat).mean(axis=-1, keepdims=True))
        dx = dy + dnorm
        return dx, dgain, *rest

    return y, backward
