"""The old mean was divided by 1 - beta^(t-1), a step ago: undo it with t - 1, not with t."""

import numpy as np


def adamw_step(p, dp, means, t, rate, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
    rate = float(rate)
    beta1, beta2 = map(float, betas)
    if t == 1:
        means = np.zeros_like(means)
    full1, full2 = 1 - beta1**t, 1 - beta2**t
    a = (beta1 * full1 * means[0] + (1 - beta1) * dp) / full1
    v = (beta2 * full2 * means[1] + (1 - beta2) * dp * dp) / full2
    p = p - rate * weight_decay * p - rate * a / (np.sqrt(v) + eps)
    return p, np.stack([a, v])
