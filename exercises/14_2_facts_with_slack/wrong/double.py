"""The new w comes back as float64 whatever comes in: 32 bits in must give 32 bits out."""

import numpy as np


def edit_facts(w, keys, values, slack, c):
    spread = np.linalg.solve(c, keys.T)
    overlaps = keys @ spread + slack * np.eye(len(keys))
    return w + spread @ np.linalg.solve(overlaps, values - keys @ w)
