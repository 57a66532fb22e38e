"""There is a column too many: what was added to make the tables fit must go again at the end."""

import numpy as np


def square(table):
    column = np.zeros((len(table), 1))
    column[-1] = 1
    return np.hstack([table, column])


def fold(tables):
    folded = square(tables[0])
    for table in tables[1:]:
        folded = folded @ square(table)
    return folded
