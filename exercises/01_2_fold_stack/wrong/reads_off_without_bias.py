"""A row of the identity sent through the stack gives a row of weights plus the bias, not alone."""

import numpy as np


def fold(tables):
    x = np.eye(len(tables[0]), len(tables[0]) - 1, dtype=tables[0].dtype)  # the last row is zero
    for table in tables:
        x = x @ table[:-1] + table[-1]
    return x
