"""It is added up how far the codes move: count how many move, by 1 or by more."""

import numpy as np


def codes_changed(w, s, bits, group):
    def codes(weights):
        if bits == 1:
            return np.where(weights >= 0, 1, -1)
        members = weights.reshape(len(weights), -1, group)
        largest = abs(members).max(axis=-1, keepdims=True)
        share = members / np.where(largest > 0, largest, 1)
        return np.rint(share * (2 ** (bits - 1) - 1)).reshape(weights.shape)

    return abs(codes(w) - codes(w * s)).sum(axis=0).astype(int)
