"""The answer to exercise 2.2, and how to get there.

Call z = s x, with s the sharpness, and t the largest z of its row. For each row

    log Σ exp(z_k)  =  log(exp(t) Σ exp(z_k - t))  =  t + log Σ exp(z_k - t)

No z_k - t is above 0, so no exp overflows, and one of them is exactly 0, so the sum is at least 1
and its logarithm is harmless. It must be the largest z, not the largest x: for a negative s these
stand at opposite ends. And it must be that of the row: a row far below the others would vanish.

The slope of the logarithm of a sum is the slope of the sum, divided by the sum:

    dy/dx_i  =  (1/s) s exp(z_i) / Σ exp(z_k)  =  exp(z_i - t) / Σ exp(z_k - t)

That is the share of entry i, made of exps that are there already. That t depends on x as well does
not matter: y is the same whatever is taken away and added again.
"""

import numpy as np


def logsumexp(x, *, axis, sharpness):
    z = float(sharpness) * x
    t = z.max(axis=axis, keepdims=True)
    shares = np.exp(z - t)
    sums = shares.sum(axis=axis, keepdims=True)
    shares /= sums
    y = (t + np.log(sums)) / float(sharpness)

    def backward(dy):
        return (shares * np.expand_dims(dy, axis),)

    return y.squeeze(axis), backward
