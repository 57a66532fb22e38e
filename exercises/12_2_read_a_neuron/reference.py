"""The answer to exercise 12.2, and how to get there.

Texts: with s = 1 and s = -1 in turn, s m is to be large. Padding gets -inf, which is never chosen
and, as it is not above 0, never listed. The best position of each text is an argmax over positions,
and the order of the texts comes from what stands there.

Tokens: x + m v has the mean mean(x) + m mean(v), so with the size held fixed

    d logit_w / dm = table_w . (gain (v - mean(v))) / size(x)

The bias moves nothing, and the size divides all tokens by the same number above 0. With m below 0
the logits that fall as m grows are the ones that rise: the same list from its other end.
"""

import numpy as np


def trigger_texts(m, lengths, t):
    is_text = np.arange(m.shape[1]) < lengths[:, np.newaxis]
    texts, positions = [], []
    for side in (m, -m):
        reaction = np.where(is_text[..., np.newaxis], side, -np.inf)
        strongest = reaction.max(axis=1)
        chosen = np.argsort(-strongest, axis=0)[:t]
        is_listed = np.take_along_axis(strongest, chosen, axis=0) > 0
        place = np.take_along_axis(reaction.argmax(axis=1), chosen, axis=0)
        texts.append(np.where(is_listed, chosen, -1).T)
        positions.append(np.where(is_listed, place, -1).T)
    return np.stack(texts), np.stack(positions)


def value_tokens(values, gain, bias, table, k):
    off_mean = values - values.mean(axis=1, keepdims=True)
    slope = (off_mean * gain) @ table.T
    highest_first = np.argsort(-slope, axis=1)
    return np.stack([highest_first[:, :k], highest_first[:, ::-1][:, :k]])
