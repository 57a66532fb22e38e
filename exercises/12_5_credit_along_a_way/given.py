"""What the checks of exercise 12.5 hand to your function. You may read and use all of it.

Each returns a value and its gradient: m (..., d) -> value (...), gradient (..., d).
"""

import numpy as np


def chance(m):
    """How likely the first of five tokens is: a softmax of logits that are linear in m."""
    d = m.shape[-1]
    w = 2 * np.sin(1 + np.arange(5 * d, dtype=m.dtype)).reshape(d, 5)
    z = m @ w
    p = np.exp(z - z.max(axis=-1, keepdims=True))
    p /= p.sum(axis=-1, keepdims=True)
    return p[..., 0], p[..., :1] * (w[:, 0] - p @ w.T)


def product(m):
    """All numbers of m multiplied with each other; none may be 0."""
    value = m.prod(axis=-1)
    return value, value[..., np.newaxis] / m
