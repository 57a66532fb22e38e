"""The answer to exercise 19.2, and how to get there.

The list of all labels is one of Π choices_i, so it takes Σ log2(choices_i) bits. With the layer
there are three parts:

    how many are wrong      one of n + 1 numbers                log2(n + 1)
    which                   one of n! / (k! (n - k)!) sets      log2 n! - log2 k! - log2 (n - k)!
    what is right there     one of Π_wrong (choices_i - 1)      Σ_wrong log2(choices_i - 1)

and log2 n! is the sum of log2 1, ..., log2 n. What is saved is the difference, if there is one. A
wrong answer to a fact with two labels costs nothing but its place: the other label is right.

Per fact, and for many facts with C labels of which a share e is wrong, this comes to

    log2 C - h(e) - e log2(C - 1),   h(e) = -e log2 e - (1 - e) log2(1 - e)

which is Fano's inequality read as a message: it is the least that a layer with this share of
mistakes has stored, whatever its scores are.

A byte holds q codes if levels^q <= 256. Powers of whole numbers are exact; quotients of logarithms
are not, and may say 3.9999 for 4.
"""

import numpy as np


def knowledge_per_bit(right, choices, matrices, group):
    n, wrong = len(right), np.flatnonzero(~np.asarray(right, bool))
    log_factorial = np.concatenate([[0.0], np.log2(np.arange(1, n + 1)).cumsum()])
    places = log_factorial[n] - log_factorial[len(wrong)] - log_factorial[n - len(wrong)]
    message = np.log2(n + 1) + places + np.log2(choices[wrong] - 1).sum()
    facts = max(np.log2(choices).sum() - message, 0.0)
    memory = sum(8 * d_out * column_bytes(d_in, levels, group) for d_in, d_out, levels in matrices)
    return facts, memory, facts / memory


def column_bytes(d_in, levels, group):
    in_a_byte = max(q for q in range(1, 9) if levels**q <= 256)
    lengths = [min(group, d_in - first) for first in range(0, d_in, group)]
    return sum(2 + -(-length // in_a_byte) for length in lengths)
