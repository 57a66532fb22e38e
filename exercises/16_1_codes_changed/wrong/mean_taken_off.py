"""At one bit a mean is taken off first, and so signs can change: the sign of w is asked for."""

import numpy as np


def codes_changed(w, s, bits, group):
    def codes(weights):
        if bits == 1:
            return weights >= weights.mean(axis=1, keepdims=True)
        members = weights.reshape(len(weights), -1, group)
        largest = abs(members).max(axis=-1, keepdims=True)
        share = members / np.where(largest > 0, largest, 1)
        return np.rint(share * (2 ** (bits - 1) - 1)).reshape(weights.shape)

    return np.count_nonzero(codes(w) != codes(w * s), axis=0)
