"""Gradient clipping: no step longer than one dares."""

import math

import numpy as np


def clip_global_norm(parameters, max_norm):
    """Scale all gradients by one factor, so that together they are no longer than `max_norm`.

    Returns    their length before, √(Σ over all parameters of ‖dp‖²)
    Errors     ValueError if max_norm is not above 0, or the length is not finite: nothing is
               scaled then
    Source     Pascanu et al. 2013 (arXiv:1211.5063), algorithm 1
    """
    if not max_norm > 0.0:
        raise ValueError(f"clip_global_norm: max_norm is {max_norm}, but must be above 0")
    gradients = [p.grad for p in parameters if p.grad is not None]
    norm = math.sqrt(sum(float(np.vdot(g, g)) for g in gradients))
    if not math.isfinite(norm):
        raise ValueError("clip_global_norm: a gradient is infinite or not a number")
    if norm > max_norm:
        for g in gradients:
            g *= max_norm / norm
    return norm
