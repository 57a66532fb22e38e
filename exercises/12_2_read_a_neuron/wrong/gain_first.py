"""The gain came first and then the mean was taken off: the norm does it the other way round."""

import numpy as np


def trigger_texts(m, lengths, t):
    B, _, d_ff = m.shape
    texts = np.full((2, d_ff, t), -1)
    positions = np.full((2, d_ff, t), -1)
    for s, sign in enumerate([1, -1]):
        for i in range(d_ff):
            found = []
            for b in range(B):
                part = sign * m[b, : lengths[b], i]
                p = int(np.argmax(part))
                if part[p] > 0:
                    found.append((-part[p], b, p))
            for j, (_, b, p) in enumerate(sorted(found)[:t]):
                texts[s, i, j] = b
                positions[s, i, j] = p
    return texts, positions


def value_tokens(values, gain, bias, table, k):
    v = values * gain
    z = (v - v.mean(axis=1, keepdims=True)) @ table.T
    return np.stack([np.argsort(-z, axis=1)[:, :k], np.argsort(z, axis=1)[:, :k]])
