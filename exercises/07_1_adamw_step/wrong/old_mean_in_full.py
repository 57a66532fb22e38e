"""The old mean stays in full when the new gradient is added: their shares must add up to 1."""

import numpy as np


def adamw_step(p, dp, means, t, rate, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
    rate = float(rate)
    beta1, beta2 = map(float, betas)
    s1, s2 = (1 - beta1) / (1 - beta1**t), (1 - beta2) / (1 - beta2**t)
    if t == 1:
        means = np.zeros_like(means)
    a = means[0] + s1 * dp
    v = means[1] + s2 * dp * dp
    p = p - rate * weight_decay * p - rate * a / (np.sqrt(v) + eps)
    return p, np.stack([a, v])
