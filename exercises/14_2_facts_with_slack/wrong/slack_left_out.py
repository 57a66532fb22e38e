"""Every fact is written strictly: one with a slack may miss its value."""

import numpy as np


def edit_facts(w, keys, values, slack, c):
    spread = np.linalg.solve(c, keys.T)
    return w + spread @ np.linalg.lstsq(keys @ spread, values - keys @ w, rcond=1e-9)[0]
