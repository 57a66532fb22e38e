"""Gradient clipping: no step longer than one dares."""

import math

import numpy as np

from tinyffn.arguments import must_be_above
from tinyffn.optim.optimizer import each_once


def clip_global_norm(parameters, max_norm):
    """Scale all gradients by one factor, so that together they are no longer than `max_norm`.

    Returns    their length before, √(Σ over all parameters of ‖dp‖²)
    Errors     ValueError if max_norm is not above 0; FloatingPointError if a gradient is not
               finite: nothing is scaled then
    Source     Pascanu et al. 2013 (arXiv:1211.5063), algorithm 1
    """
    if max_norm != math.inf:
        must_be_above("clip_global_norm", 0, max_norm=max_norm)
    parameters = each_once("clip_global_norm", parameters)
    gradients = [p.grad for p in parameters if p.grad is not None]
    norm = math.sqrt(sum(float(np.vdot(g, g)) for g in gradients))
    if not math.isfinite(norm):  # or only its square, in float32
        norm = math.sqrt(sum(float(np.sum(np.square(g, dtype=np.float64))) for g in gradients))
    if not math.isfinite(norm):
        raise FloatingPointError("clip_global_norm: a gradient is infinite or not a number")
    if norm > max_norm:
        for g in gradients:
            g *= float(max_norm / norm)
    return norm


def clip_by_scale(parameters, ratio, *, eps=1e-3):
    """Adaptive gradient clipping (AGC): each unit's gradient at most `ratio` times as long as it.

    A unit is what one output is made of: column j of weights (d_in, d_out), the whole of a bias or
    a gain. Each has a factor of its own, so that an outlier in one layer leaves the others alone:

        dp_j ← dp_j min(1, ratio max(‖p_j‖, eps) / ‖dp_j‖)

    A table of vectors (Embedding, learned positions) has its units in rows, which this does not
    know: a rare token's outlier would scale one column of all tokens. Leave tables out.

    Arguments  eps: the length of a unit is taken as this at least, or one of zeros could not move
    Returns    the share of units that were scaled
    Errors     ValueError if ratio or eps is not above 0; FloatingPointError if a gradient or a
               parameter is not finite: nothing is scaled then
    Source     Brock et al. 2021 (arXiv:2102.06171), section 4; they leave out the last layer: pass
               the parameters of the others
    """
    must_be_above("clip_by_scale", 0, ratio=ratio, eps=eps)
    parameters = [p for p in each_once("clip_by_scale", parameters) if p.grad is not None]
    norms = [_unit_norms(p.grad) for p in parameters]
    scales = [_unit_norms(p.data) for p in parameters]
    for name, lengths in (("gradient", norms), ("parameter", scales)):
        if not all(np.isfinite(length).all() for length in lengths):
            raise FloatingPointError(f"clip_by_scale: a {name} is infinite or not a number")
    n_scaled = n_units = 0
    for p, norm, scale in zip(parameters, norms, scales, strict=True):
        longest = ratio * np.maximum(scale, eps)
        g = p.grad
        g *= longest / np.maximum(norm, longest)
        n_scaled += np.count_nonzero(norm > longest)
        n_units += norm.size
    return n_scaled / max(1, n_units)


def _unit_norms(a):
    """The length of each unit, over all axes but the last, kept with size 1; of a row as a whole.

    In float64, where the squares of no float32 overflow.
    """
    axes = tuple(range(a.ndim - 1)) or None
    return np.sqrt(np.sum(np.square(a, dtype=np.float64), axis=axes, keepdims=True))
