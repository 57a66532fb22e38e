"""The facts are written one after another: each later edit spoils the earlier ones a little."""

import numpy as np


def edit_facts(w, keys, values, slack, c):
    spread = np.linalg.solve(c, keys.T)
    w = w.copy()
    for i in range(len(keys)):
        missing = values[i] - keys[i] @ w
        w += np.outer(spread[:, i], missing / (keys[i] @ spread[:, i] + slack[i]))
    return w
