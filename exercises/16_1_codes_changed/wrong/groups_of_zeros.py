"""A group of zeros is divided by 0, which gives no number: its codes are 0."""

import numpy as np


def codes_changed(w, s, bits, group):
    def codes(weights):
        if bits == 1:
            return weights >= 0
        members = weights.reshape(len(weights), -1, group)
        largest = abs(members).max(axis=-1, keepdims=True)
        share = members / largest
        return np.rint(share * (2 ** (bits - 1) - 1)).reshape(weights.shape)

    return np.count_nonzero(codes(w) != codes(w * s), axis=0)
