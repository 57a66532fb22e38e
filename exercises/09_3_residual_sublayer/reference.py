"""The answer to exercise 9.3, and how to get there.

Call r = 1 / sqrt(mean_k x_k^2 + eps), one number for each row, so that u_i = gain_i r x_i. The
gradient dy goes two ways. Along the skip it comes to x as it is. Along the branch f makes du of it,
and u depends on x_k twice, through x_k itself and through r:

    dr/dx_k = -r^3 x_k / d
    dx_k    = dy_k + r gain_k du_k + (sum_i gain_i du_i x_i) dr/dx_k
            = dy_k + r (gain_k du_k - r^2 x_k mean_i(gain_i du_i x_i))

The gain acts through the branch alone: dgain_i = sum_n du_ni r_n x_ni, over all positions n.

So whatever f does, x always gets dy itself: that is what a deep stack lives on.
"""

import numpy as np


def residual_sublayer(x, gain, f, eps=1e-5):
    power = np.mean(np.square(x), axis=-1, keepdims=True) + float(eps)
    direction = x / np.sqrt(power)
    branch, branch_backward = f(gain * direction)

    def backward(dy):
        dnormed, *learnt = branch_backward(dy)
        toward = gain * dnormed
        along = np.mean(toward * direction, axis=-1, keepdims=True)
        through_norm = (toward - along * direction) / np.sqrt(power)
        every_position = tuple(range(x.ndim - 1))
        dgain = np.sum(dnormed * direction, axis=every_position)
        return dy + through_norm, dgain, *learnt

    return x + branch, backward
