"""f is given x: it must see u, the normalised x times the gain."""

import numpy as np


def residual_sublayer(x, gain, f, eps=1e-5):
    eps = float(eps)
    r = 1 / np.sqrt((x * x).mean(axis=-1, keepdims=True) + eps)
    xhat = x * r
    v, f_backward = f(x)
    y = x + v

    def backward(dy):
        du, *rest = f_backward(dy)
        dgain = (du * xhat).reshape(-1, x.shape[-1]).sum(axis=0)
        dx = dy + du
        return dx, dgain, *rest

    return y, backward
