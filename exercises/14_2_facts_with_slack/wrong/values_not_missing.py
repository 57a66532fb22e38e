"""The new values are added to what the memory says already: add what is missing, values - K w."""

import numpy as np


def edit_facts(w, keys, values, slack, c):
    spread = np.linalg.solve(c, keys.T)
    return w + spread @ np.linalg.solve(keys @ spread + np.diag(slack), values)
