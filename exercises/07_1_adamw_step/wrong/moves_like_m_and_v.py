"""The means move on by the lesson's rule for m and v: the divided ones follow another rule."""

import numpy as np


def adamw_step(p, dp, means, t, rate, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
    rate = float(rate)
    beta1, beta2 = map(float, betas)
    if t == 1:
        means = np.zeros_like(means)
    a = beta1 * means[0] + (1 - beta1) * dp
    v = beta2 * means[1] + (1 - beta2) * dp * dp
    p = (
        p
        - rate * weight_decay * p
        - rate * a / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps)
    )
    return p, np.stack([a, v])
