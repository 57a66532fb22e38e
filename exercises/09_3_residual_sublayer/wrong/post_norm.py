"""The sum x + f(x) is normalised: the norm stands before f, and nothing behind the sum."""

import numpy as np


def residual_sublayer(x, gain, f, eps=1e-5):
    eps = float(eps)
    v, f_backward = f(x)
    s = x + v
    r = 1 / np.sqrt((s * s).mean(axis=-1, keepdims=True) + eps)
    xhat = s * r
    y = xhat * gain

    def backward(dy):
        dgain = (dy * xhat).reshape(-1, x.shape[-1]).sum(axis=0)
        g = dy * gain
        dnorm = r * (g - xhat * (g * xhat).mean(axis=-1, keepdims=True))
        du, *rest = f_backward(dnorm)
        dx = dnorm + du
        return dx, dgain, *rest

    return y, backward
