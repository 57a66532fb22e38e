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
