"""Losses: one number to make small."""

import numpy as np

from tinyffn.tensor import op

IGNORED = -100


@op
def cross_entropy(logits, *, targets, weights=None, ignore_index=IGNORED):
    """Mean surprise, in nats, at the target under softmax(logits).

    Targets equal to `ignore_index` do not count: it is as if their weight were 0. `weights`, one
    number of at least 0 for each target, makes it a weighted mean; without them each w_n is 1.

    Forward    y = -Σ_n w_n log p_n,targets_n / W, with p_ni = exp(logits_ni) / Σ_k exp(logits_nk)
               and W = Σ_n w_n
    Backward   dlogits_ni = dy w_n (p_ni - [i = targets_n]) / W
    Shapes     logits (..., vocab_size) -> y ()
    Errors     TypeError if targets are not integers; ValueError if their shape is not that of
               logits without its last axis, one is not in 0..vocab_size-1, or none counts
               TypeError if weights are not numbers; ValueError if their shape is not that of
               targets, one is negative or not finite, or all that count are 0
    Source     Vaswani et al. 2017 (arXiv:1706.03762), section 3.4 for the softmax over tokens
    """
    targets = _checked_targets(logits, targets, ignore_index)
    shape, vocab_size = logits.shape, logits.shape[-1]
    counts = targets != ignore_index
    rows = np.flatnonzero(counts)
    columns = targets[counts]
    if weights is None:
        w, total_weight = counts, len(rows)
    else:
        w = _checked_weights(weights, shape[:-1], logits.dtype) * counts
        total_weight = _sum_above_zero(w)

    p = logits.reshape(-1, vocab_size)
    p = p - p.max(axis=-1, keepdims=True)
    at_target = p[rows, columns]
    np.exp(p, out=p)
    total = p.sum(axis=-1, keepdims=True)
    p /= total
    y = (w[rows] * (np.log(total[rows, 0]) - at_target)).sum() / total_weight

    def backward(dy):
        share = w * (dy / total_weight)
        dlogits = p * share[:, None]
        dlogits[rows, columns] -= share[rows]
        return (dlogits.reshape(shape),)

    return y, backward


@op
def mse(x, target):
    """Mean squared error over all entries; both arguments are differentiated.

    Forward    y = Σ_i (x_i - target_i)² / N
    Backward   dx_i = 2 dy (x_i - target_i) / N    dtarget_i = -dx_i
    Shapes     x (..., d), target (..., d) -> y ()
    Errors     ValueError if the shapes differ (no broadcasting: it hides mistakes), or are empty
    Source     Legendre 1805 (Nouvelles méthodes pour la détermination des orbites des comètes)
    """
    if x.shape != target.shape or x.size == 0:
        raise ValueError(
            f"mse: x {x.shape} and target {target.shape} must have one shape, with an entry or more"
        )
    difference = x - target
    n = x.size

    def backward(dy):
        dx = difference * (2.0 * dy / n)
        return dx, -dx

    return np.vdot(difference, difference) / n, backward


def _checked_targets(logits, targets, ignore_index):
    targets = np.asarray(targets)
    if logits.ndim < 1 or targets.shape != logits.shape[:-1]:
        raise ValueError(
            f"cross_entropy: targets {targets.shape} do not fit logits {logits.shape}: "
            f"targets must be {logits.shape[:-1]}, one id for each row"
        )
    if not np.issubdtype(targets.dtype, np.integer):
        raise TypeError(f"cross_entropy: targets are {targets.dtype}, but must be integers")
    targets = targets.ravel()
    counted = targets[targets != ignore_index]
    if counted.size == 0:
        raise ValueError("cross_entropy: no target counts: there is none, or every one is ignored")
    if not 0 <= counted.min() <= counted.max() < logits.shape[-1]:
        raise ValueError(
            f"cross_entropy: targets run from {counted.min()} to {counted.max()}, "
            f"but logits have columns 0 to {logits.shape[-1] - 1}"
        )
    return targets


def _checked_weights(weights, shape, dtype):
    weights = np.asarray(weights)
    if weights.dtype.kind not in "buif":
        raise TypeError(f"cross_entropy: weights are {weights.dtype}, but must be numbers")
    if weights.shape != shape:
        raise ValueError(
            f"cross_entropy: weights {weights.shape} must be {shape}, one for each target"
        )
    bad = ~(np.isfinite(weights) & (weights >= 0))
    if bad.any():
        raise ValueError(
            f"cross_entropy: a weight is {weights[bad][0]}, but weights must be finite and not "
            "below 0"
        )
    return weights.ravel().astype(dtype)


def _sum_above_zero(w):
    total = float(w.sum())
    if total == 0.0:
        raise ValueError("cross_entropy: the weights of all targets that count are 0")
    return total
