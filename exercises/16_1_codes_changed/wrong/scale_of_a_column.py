"""Each input (or each weight) has its own scale: neighbours in a row are a group, and share one."""

import numpy as np


def codes_changed(w, s, bits, group):
    def codes(weights):
        if bits == 1:
            return weights >= 0
        members = weights.reshape(len(weights), -1, group)
        largest = abs(members).max(axis=0, keepdims=True)
        share = members / np.where(largest > 0, largest, 1)
        return np.rint(share * (2 ** (bits - 1) - 1)).reshape(weights.shape)

    return np.count_nonzero(codes(w) != codes(w * s), axis=0)
