"""The mark is one too high: ids begin at 0, so the mark has the id n_keys + n_values."""

import numpy as np


def recall_rows(keys, values, order, n_keys, n_values):
    B, n_pairs = keys.shape
    rows = np.arange(B)[:, None]
    ids_of_values = n_keys + values
    told = np.stack([keys, ids_of_values], axis=2).reshape(B, -1)
    mark = np.full((B, 1), n_keys + n_values + 1)
    asked = np.stack([keys[rows, order], ids_of_values[rows, order]], axis=2).reshape(B, -1)
    text = np.concatenate([told, mark, asked], axis=1)
    ids, targets = text[:, :-1], text[:, 1:]
    is_answer = np.zeros(targets.shape, bool)
    is_answer[:, 2 * n_pairs + 1 :: 2] = True
    return ids, targets, is_answer
