"""The scale of the weight before is used after, too: a group that has grown needs a new scale."""

import numpy as np


def codes_changed(w, s, bits, group):
    members = w.reshape(len(w), -1, group)
    largest = abs(members).max(axis=-1, keepdims=True)
    largest = np.where(largest > 0, largest, 1)

    def codes(weights):
        if bits == 1:
            return weights >= 0
        share = weights.reshape(members.shape) / largest
        return np.rint(share * (2 ** (bits - 1) - 1)).reshape(w.shape)

    return np.count_nonzero(codes(w) != codes(w * s), axis=0)
