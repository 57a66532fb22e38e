"""c is not used: the change must avoid the directions in which old keys are long."""

import numpy as np


def edit_facts(w, keys, values, slack, c):
    overlaps = keys @ keys.T + np.diag(slack)
    return w + keys.T @ np.linalg.solve(overlaps, values - keys @ w)
