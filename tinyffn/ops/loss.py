"""Losses: one number to make small."""

import numpy as np

from tinyffn.tensor import op

IGNORED = -100


@op
def cross_entropy(logits, *, targets, ignore_index=IGNORED):
    """Mean surprise, in nats, at the target under softmax(logits).

    Targets equal to `ignore_index` do not count, neither in the sum nor in N.

    Forward    y = -Σ_n log p_n,targets_n / N, with p_ni = exp(logits_ni) / Σ_k exp(logits_nk)
    Backward   dlogits_ni = dy (p_ni - [i = targets_n]) / N
    Shapes     logits (..., vocab_size) -> y ()
    Errors     TypeError if targets are not integers; ValueError if their shape is not that of
               logits without its last axis, one is not in 0..vocab_size-1, or none counts
    Source     Vaswani et al. 2017 (arXiv:1706.03762), section 3.4 for the softmax over tokens
    """
    targets = _checked_targets(logits, targets, ignore_index)
    shape, vocab_size = logits.shape, logits.shape[-1]
    counts = targets != ignore_index
    rows = np.flatnonzero(counts)
    columns = targets[counts]
    n = len(rows)

    p = logits.reshape(-1, vocab_size)
    p = p - p.max(axis=-1, keepdims=True)
    at_target = p[rows, columns]
    np.exp(p, out=p)
    total = p.sum(axis=-1, keepdims=True)
    p /= total
    y = (np.log(total[rows, 0]) - at_target).mean()

    def backward(dy):
        dlogits = p * (counts[:, None] * (dy / n))
        dlogits[rows, columns] -= dy / n
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
