"""Each fact is edited as if it were alone, and the changes are added: keys overlap."""

import numpy as np


def edit_facts(w, keys, values, slack, c):
    spread = np.linalg.solve(c, keys.T)
    alone = np.sum(keys * spread.T, axis=1) + slack
    return w + spread @ ((values - keys @ w) / alone[:, None])
