"""This is the mean over the facts: what is stored is their sum."""

import numpy as np


def bits_stored(scores, labels, prior, most):
    rows = np.arange(len(labels))

    def log_p(scale):
        z = np.log(prior) + scale * scores
        z = z - z.max(axis=1, keepdims=True)
        return z - np.log(np.exp(z).sum(axis=1, keepdims=True))

    low, high = 0.0, most
    for _ in range(70):
        scale = (low + high) / 2
        expected = (np.exp(log_p(scale)) * scores).sum(axis=1)
        if (expected - scores[rows, labels]).sum() < 0:
            low = scale
        else:
            high = scale
    before = -np.log2(prior[labels]).sum()
    after = -log_p(scale)[rows, labels].sum() / np.log(2)
    return (before - after) / len(labels), scale
