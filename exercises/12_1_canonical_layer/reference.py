"""The answer to exercise 12.1, and how to get there.

m_i is linear in up_i, so with any a_i that is not 0

    up_i -> up_i / a_i    makes    m_i -> m_i / a_i,    and    v_i -> a_i v_i    makes up for it.

A negative a_i is a flip of the sign, a positive one a change of scale: both are the same freedom.
gate_i has none, as silu is not linear. The rule m_i = 1 at the trigger says a_i = m_i there, sign
and all. What is left is the order of the neurons, which a sum does not see.
"""

import numpy as np


def canonical_layer(gate, up, down, x):
    opening = x @ gate.T
    m = opening / (1 + np.exp(-opening)) * (x @ up.T)
    m = m.reshape(-1, len(up))
    trigger = np.argmax(np.abs(m), axis=0, keepdims=True)
    (a,) = np.take_along_axis(m, trigger, axis=0)
    added_there = down * a
    longest_first = np.argsort(-np.linalg.norm(added_there, axis=0))
    scaled_up = up / a[:, np.newaxis]
    return gate[longest_first], scaled_up[longest_first], added_there[:, longest_first]
