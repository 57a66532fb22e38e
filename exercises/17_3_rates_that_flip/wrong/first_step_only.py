"""The limit is |w|, as in step 1: later steps are not as long as the rate, and m moves w too."""

import numpy as np


def flip_limits(w, g, m, v, t, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
    return np.where((g > 0) == (w >= 0), np.abs(w), np.inf)


def flipped_shares(limits, rates):
    return np.array([np.mean(limits < rate) for rate in rates])
