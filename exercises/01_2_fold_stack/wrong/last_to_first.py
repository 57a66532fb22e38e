"""The layers are multiplied from last to first: x stands on the left and meets tables[0] first."""

import numpy as np


def fold(tables):
    w, b = tables[-1][:-1], tables[-1][-1]
    for table in tables[-2::-1]:
        w, b = w @ table[:-1], b @ table[:-1] + table[-1]
    return np.vstack([w, b])
