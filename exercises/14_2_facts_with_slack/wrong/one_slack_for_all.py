"""All facts get the mean of the slacks: each has its own, on the diagonal."""

import numpy as np


def edit_facts(w, keys, values, slack, c):
    spread = np.linalg.solve(c, keys.T)
    overlaps = keys @ spread + np.diag(np.full_like(slack, slack.mean()))
    return w + spread @ np.linalg.solve(overlaps, values - keys @ w)
