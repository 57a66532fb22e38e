"""Which keys a memory usually meets: the second moment of its coefficients.

One matrix answers three questions about a layer y = kᵀ W. By how much does a change D of W change
what the layer adds? By tr(Dᵀ C D), the mean of |kᵀ D|² over all keys k. So C says in which
directions one may write without being heard, and which rows of W must not be rounded.
"""

import numpy as np

from tinyffn.arguments import must_be_at_least

RIDGE = 1e-4


def covariance(keys, *, ridge=RIDGE):
    """The mean of k kᵀ over keys k, and a little of the identity so that it can be inverted.

        C = E[k kᵀ] + ε I,  ε = ridge tr(E[k kᵀ]) / d_ff

    Nothing is subtracted: the literature of editing calls this second moment the covariance. ε is
    `ridge` times its mean eigenvalue. Without it a coefficient that is never on, a dead ReLU, would
    be a direction in which any change is free, and C could not be inverted.

    Arguments  keys (..., d_ff): coefficients, as `memories.coefficients` gives them; all leading
               axes count as one list of keys
    Returns    an array (d_ff, d_ff), float64 whatever the keys are, for it is to be inverted
    Errors     ValueError if keys have no last axis, there are none, one is not finite, or ridge is
               not a number of at least 0
    Source     Meng et al. 2022 (arXiv:2202.05262), section 3.1, has C = K Kᵀ; only its direction
               counts there, not its scale
    """
    must_be_at_least("covariance", 0, ridge=ridge)
    keys = np.asarray(keys, np.float64)
    if keys.ndim < 1 or keys.size == 0:
        raise ValueError(f"covariance: keys {keys.shape} must be (..., d_ff), at least one key")
    if not np.isfinite(keys).all():
        raise ValueError("covariance: a key is not finite: take them from a model that is trained")
    keys = keys.reshape(-1, keys.shape[-1])
    c = keys.T @ keys / len(keys)
    return c + ridge * np.trace(c) / len(c) * np.eye(len(c))
