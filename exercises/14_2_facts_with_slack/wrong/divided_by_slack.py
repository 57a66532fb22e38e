"""A slack is divided by, and it may be 0: find equations in which it is only multiplied."""

import numpy as np


def edit_facts(w, keys, values, slack, c):
    weighted = keys / slack[:, None]
    return w + np.linalg.solve(c + weighted.T @ keys, weighted.T @ (values - keys @ w))
