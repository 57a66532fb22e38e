"""The answer to exercise 12.4, and how to get there.

With the root s held as it is, x -> gain (x - mean(x)) / s is linear, and so are the dot product
with a row of the table and the mean over rows. With d = table_token - mean_w table_w

    logits_token - mean_w logits_w = d . gain (x - mean(x)) / s + d . bias

and x is a sum. Taking the mean off a part and then a dot product with d gain is one dot product:
sum_k (p_k - mean(p)) e_k = sum_k p_k (e_k - mean(e)) for e = gain d. So one vector reads all parts.
"""

import numpy as np


def logit_parts(others, m, values, gain, bias, table, token, eps=1e-5):
    stream = others.sum(axis=0) + m @ values
    root = np.sqrt(stream.var() + float(eps))
    above_mean = table[token] - table.mean(axis=0)
    reader = gain * above_mean
    reader = (reader - reader.mean()) / root
    return others @ reader, m * (values @ reader), bias @ above_mean
