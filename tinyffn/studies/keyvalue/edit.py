"""Rewriting what a linear memory y = kᵀ W says at one key or many, and as little else as can be.

Bare arrays: W (d_ff, d_model) is `down.w` of a feed-forward layer, its rows the values; a key k
(d_ff) is the coefficients at a position; C (d_ff, d_ff) is the `covariance` of all keys. A bias of
the layer is no part of W: take it off the value that the layer is to add.

To try an edit: `with replaced(memory.layer.down.w, "data", edited): ...`, see memories.py.
"""

import numpy as np

from tinyffn.arguments import must_be_above


def rank_one_edit(w, key, value, c):
    """The W' with kᵀ W' = value that changes the answers to all other keys least.

        W' = W + u (value - Wᵀ k)ᵀ / (uᵀ k),  u = C⁻¹ k

    It has the least tr((W' - W)ᵀ C (W' - W)), the mean square of the change over the keys that C
    was made from. Proof: with one multiplier λ (d_model) for the constraint, the derivative of

        ½ tr(Dᵀ C D) - λᵀ (Dᵀ k - r),  D = W' - W,  r = value - Wᵀ k

    by D is C D - k λᵀ = 0, so D = u λᵀ; put into Dᵀ k = r this gives λ = r / (uᵀ k). The change is
    one column times one row: its rank is 1. With C = I it is the step of Kaczmarz, w + k r / |k|².

    Arguments  w (d_ff, d_model); key (d_ff); value (d_model); c (d_ff, d_ff)
    Returns    a new array like w
    Errors     ValueError if shapes do not fit, c cannot be inverted, or kᵀ C⁻¹ k is not above 0:
               the key is all zeros, or c is no covariance
    Source     Meng et al. 2022 (arXiv:2202.05262), section 3.1 and appendix A, with W transposed;
               Kaczmarz 1937 (Angenäherte Auflösung von Systemen linearer Gleichungen)
    """
    owner = "rank_one_edit"
    w = _matrix(owner, w)
    d_ff, d_model = w.shape
    key, value, c = _fitting(
        owner, w, key=(key, (d_ff,)), value=(value, (d_model,)), c=(c, (d_ff, d_ff))
    )
    u = _solved(owner, c, key)
    scale = u @ key
    if not scale > 0:
        raise ValueError(
            f"{owner}: kᵀ C⁻¹ k is {scale:g}, but must be above 0: key must not be all zeros, "
            "and c must be a covariance"
        )
    residual = value - key @ w.astype(np.float64)
    return (w + np.outer(u / scale, residual)).astype(w.dtype)


def batch_edit(w, keys, values, c, weight):
    """Many facts at once, each met as well as the old answers allow.

        W' = W + (λ C + Kᵀ K)⁻¹ Kᵀ (V - K W),  λ = weight

    It has the least |K W' - V|² + λ tr((W' - W)ᵀ C (W' - W)): where the derivative by D = W' - W is
    zero, λ C D + Kᵀ (K D - R) = 0 with R = V - K W, which are the normal equations above. λ says
    how many new facts weigh as much as the mean of the old keys. As λ → 0 all facts are met, if
    their keys are independent; as λ → ∞ nothing changes. For one fact the change is s / (λ + s)
    times that of rank_one_edit, s = kᵀ C⁻¹ k.

    Arguments  w (d_ff, d_model); keys (n, d_ff), values (n, d_model): one row for each fact;
               c (d_ff, d_ff); weight: λ, above 0
    Returns    a new array like w
    Errors     ValueError if shapes do not fit, weight is not a number above 0, or λ C + Kᵀ K cannot
               be inverted
    Source     Meng et al. 2022 (arXiv:2210.07229), section 4, with W transposed
    """
    owner = "batch_edit"
    w = _matrix(owner, w)
    d_ff, d_model = w.shape
    n = len(keys) if np.ndim(keys) == 2 else 1
    keys, values, c = _fitting(
        owner, w, keys=(keys, (n, d_ff)), values=(values, (n, d_model)), c=(c, (d_ff, d_ff))
    )
    must_be_above(owner, 0, weight=weight)
    residual = values - keys @ w.astype(np.float64)
    change = _solved(owner, weight * c + keys.T @ keys, keys.T @ residual)
    return (w + change).astype(w.dtype)


def _matrix(owner, w):
    w = np.asarray(w)
    if w.ndim != 2 or w.dtype.kind != "f":
        raise ValueError(f"{owner}: w is {w.dtype} {w.shape}, but must be floats (d_ff, d_model)")
    return w


def _fitting(owner, w, **given):
    """Arrays in float64, each given as a pair: the array, and the shape that it must have."""
    for name, (array, shape) in given.items():
        array = np.asarray(array, np.float64)
        if array.shape != shape:
            raise ValueError(f"{owner}: {name} {array.shape} must be {shape} to fit w {w.shape}")
        yield array


def _solved(owner, a, b):
    try:
        return np.linalg.solve(a, b)
    except np.linalg.LinAlgError:
        raise ValueError(
            f"{owner}: c cannot be inverted: make it with covariance(keys), whose ridge is above 0"
        ) from None
