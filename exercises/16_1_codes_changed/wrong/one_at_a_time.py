"""Each input is scaled alone: all are scaled at once, and only then everything is rounded."""

import numpy as np


def codes_changed(w, s, bits, group):
    def codes(weights):
        if bits == 1:
            return weights >= 0
        members = weights.reshape(len(weights), -1, group)
        largest = abs(members).max(axis=-1, keepdims=True)
        share = members / np.where(largest > 0, largest, 1)
        return np.rint(share * (2 ** (bits - 1) - 1)).reshape(weights.shape)

    def alone(i):
        return w * np.where(np.arange(len(s)) == i, s, 1)

    changed = [codes(w)[:, i] != codes(alone(i))[:, i] for i in range(len(s))]
    return np.count_nonzero(changed, axis=1)
