"""The answer to exercise 16.1, and how to get there.

A code is a function of one number, w / scale, so rounding is done once by a function that is
called for w and for w s. An axis more, (d_out, number of groups, group), puts the members of a
group on the last axis, and its largest magnitude broadcasts over them.

With one bit the scale has no say: for s above 0, w s >= 0 where w >= 0. So every count is 0,
however large s is. (A factor below 0 turns every sign; only 0 stays what it was.) With more bits
the quotient of input i changes by s_i / (how much the group's largest magnitude grew). It is the
same for all inputs of a group only if they have the same s: then nothing changes either.
"""

import numpy as np


def codes_changed(w, s, bits, group):
    def codes(weights):
        if bits == 1:
            return weights >= 0
        members = weights.reshape(len(weights), -1, group)
        largest = abs(members).max(axis=-1, keepdims=True)
        share = members / np.where(largest > 0, largest, 1)
        return np.rint(share * (2 ** (bits - 1) - 1)).reshape(weights.shape)

    return np.count_nonzero(codes(w) != codes(w * s), axis=0)
