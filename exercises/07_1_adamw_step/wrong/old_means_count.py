"""What the means held before the first step gets in (0 times infinity): leave it out at t = 1."""

import numpy as np


def adamw_step(p, dp, means, t, rate, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
    rate = float(rate)
    beta1, beta2 = map(float, betas)
    s1, s2 = (1 - beta1) / (1 - beta1**t), (1 - beta2) / (1 - beta2**t)
    a = means[0] + s1 * (dp - means[0])
    v = means[1] + s2 * (dp * dp - means[1])
    p = p - rate * weight_decay * p - rate * a / (np.sqrt(v) + eps)
    return p, np.stack([a, v])
