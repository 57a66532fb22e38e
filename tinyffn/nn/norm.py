"""Normalisation layers: x (..., d_model) -> y (..., d_model)."""

import numpy as np

from tinyffn import ops
from tinyffn.arguments import must_be_above, must_be_positive
from tinyffn.nn.module import Module, Parameter


class LayerNorm(Module):
    """Each row to mean 0 and variance 1, then scaled and shifted: see ops.layer_norm."""

    gain: Parameter  # (d_model), starts at 1
    bias: Parameter  # (d_model), starts at 0

    def __init__(self, d_model, *, eps=1e-5):
        must_be_positive("LayerNorm", d_model=d_model)
        must_be_above("LayerNorm", 0, eps=eps)
        self.gain = Parameter(np.ones(d_model, np.float32))
        self.bias = Parameter(np.zeros(d_model, np.float32))
        self.eps = eps

    def __call__(self, x):
        return ops.layer_norm(x, self.gain, self.bias, eps=self.eps)


class RMSNorm(Module):
    """Each row to root mean square 1, then scaled: see ops.rms_norm."""

    gain: Parameter  # (d_model), starts at 1

    def __init__(self, d_model, *, eps=1e-5):
        must_be_positive("RMSNorm", d_model=d_model)
        must_be_above("RMSNorm", 0, eps=eps)
        self.gain = Parameter(np.ones(d_model, np.float32))
        self.eps = eps

    def __call__(self, x):
        return ops.rms_norm(x, self.gain, eps=self.eps)
