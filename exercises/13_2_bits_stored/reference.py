"""The answer to exercise 13.2, and how to get there.

Call a the scale. In nats, label i costs without the model -log prior_label, and with it

    L_i(a) = log Σ_k prior_k exp(a s_ik) - log prior_label - a s_i,label

The middle part is the same in both, so what is saved is a s_i,label - log Σ_k prior_k exp(a s_ik):
0 at a = 0. Its slope by a, summed over the facts, is

    Σ_i (s_i,label - Σ_c p_ic s_ic)

the score of the label less the score that the model expects. At the best scale both are the same
on the average. The slope's own slope is -Σ_i (variance of s_ic under p_i), never above 0: what is
saved has one hill, so halving the interval finds its top. Adding one number to all scores of a fact
changes nothing; taking off the label's score makes its part 0 and the formulas shorter.
"""

import numpy as np


def bits_stored(scores, labels, prior, most):
    scores = np.asarray(scores, float)
    lead = scores - np.take_along_axis(scores, labels[:, None], axis=1)
    known = np.log(prior)

    def chances(a):
        exponent = known + a * lead
        top = exponent.max(axis=1, keepdims=True)
        unscaled = np.exp(exponent - top)
        total = unscaled.sum(axis=1, keepdims=True)
        return unscaled / total, (top + np.log(total)).sum()

    low, high = 0.0, float(most)
    for _ in range(60):
        a = (low + high) / 2
        expected_lead = np.sum(chances(a)[0] * lead)
        low, high = (a, high) if expected_lead < 0 else (low, a)
    scale = (low + high) / 2
    return -chances(scale)[1] / np.log(2), scale
