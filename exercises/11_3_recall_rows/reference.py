"""The answer to exercise 11.3, and how to get there.

First write the whole text, one id longer than what is read; ids and targets are the two ends of it.

    place 2 i, 2 i + 1 for i < n_pairs          key_i, n_keys + value_i
    place 2 n_pairs                             the mark, n_keys + n_values
    place 2 n_pairs + 1 + 2 j, and + 2          key and value of the pair number order_j

The j-th answer stands at place 2 n_pairs + 2 + 2 j of the text. As a target it stands one earlier,
at 2 n_pairs + 1 + 2 j: where its question is read.
"""

import numpy as np


def recall_rows(keys, values, order, n_keys, n_values):
    n_rows, n_pairs = keys.shape
    pairs = np.stack([keys, n_keys + values], axis=-1)
    asked = pairs[np.arange(n_rows)[:, None], order]
    mark = np.full((n_rows, 1), n_keys + n_values)
    text = np.hstack([pairs.reshape(n_rows, -1), mark, asked.reshape(n_rows, -1)])
    counted = np.zeros((n_rows, text.shape[1] - 1), bool)
    counted[:, 2 * n_pairs + 1 :: 2] = True
    return text[:, :-1], text[:, 1:], counted
