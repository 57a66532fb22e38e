"""float64 came out: an array that was made on the way (np.eye, np.zeros) was not float32."""

import numpy as np


def fold(tables):
    d_in = len(tables[0]) - 1
    folded = np.vstack([np.eye(d_in), np.zeros(d_in)])
    for table in tables:
        folded = folded @ table[:-1]
        folded[-1] += table[-1]
    return folded
