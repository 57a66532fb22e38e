"""The answer to exercise 17.3, and how to get there.

Let m and v be moved on already. They do not depend on the rate, so neither does Adam's direction
u = (m / (1 - beta1^t)) / (√(v / (1 - beta2^t)) + eps). The new weight is

    w - rate (weight_decay w + u) = w - rate d

a straight line in the rate, which begins at w. For w > 0 it goes below 0 if d > 0, from the rate
w / d on. For w < 0 it reaches 0 if d < 0, at the rate w / d, a quotient of two negative numbers. If
d is 0 or has the other sign, the line never comes to 0. And w = 0 counts as positive: the limit is
0 if d > 0, and there is none if not. So the limit is w / d wherever d has the sign that counts for
w, and a clip of latent weights to [-1, 1] after the step would change no sign.
"""

import numpy as np


def flip_limits(w, g, m, v, t, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
    beta1, beta2 = betas
    first = (beta1 * m + (1 - beta1) * g) / (1 - beta1**t)
    second = (beta2 * v + (1 - beta2) * g * g) / (1 - beta2**t)
    d = weight_decay * w + first / (np.sqrt(second) + eps)
    comes_to_zero = np.where(w >= 0, d > 0, d < 0)
    return np.divide(w, d, out=np.full(w.shape, np.inf), where=comes_to_zero)


def flipped_shares(limits, rates):
    in_order = np.sort(limits, axis=None)
    return np.searchsorted(in_order, rates) / limits.size
