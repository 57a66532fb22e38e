"""Values are compared in place of codes: a scale may change and all codes stay."""

import numpy as np


def codes_changed(w, s, bits, group):
    def values(weights):
        members = weights.reshape(len(weights), -1, group)
        if bits == 1:
            scale = abs(members).mean(axis=-1, keepdims=True)
            return (np.where(members >= 0, 1, -1) * scale).reshape(w.shape)
        largest = abs(members).max(axis=-1, keepdims=True)
        scale = np.where(largest > 0, largest, 1) / (2 ** (bits - 1) - 1)
        return (np.rint(members / scale) * scale).reshape(w.shape)

    return np.count_nonzero(values(w) != values(w * s), axis=0)
