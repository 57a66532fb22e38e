"""What the checks of exercise 5.1 hand to your function. You may read and use it."""

import math

import numpy as np

# math.erf takes one number; this takes an array, entry by entry.
erf = np.vectorize(math.erf, otypes=[np.float64])


def cdf(z):
    """Φ(z), the chance that a standard normal draw lies below z, for each entry; float64."""
    return 0.5 + 0.5 * erf(np.asarray(z) / math.sqrt(2))
