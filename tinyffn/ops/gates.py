"""Gates: two projections of the same input, of which one, bent, scales the other entry by entry.

A gated layer computes gate = x W, up = x V, one of these ops, and a map down again: three matrices
where a plain layer has two. Each op remembers two arrays for its backward: the bent gate, and `up`
times the slope of the bend.
"""

import numpy as np

from tinyffn.ops.activations import gelu_into, silu_into
from tinyffn.ops.elementwise import logistic
from tinyffn.ops.tiles import contiguous, tiles
from tinyffn.tensor import op


@op
def glu(gate, up):
    """Gated linear unit: a sigmoid says how much of each entry passes.

    Forward    y_i = σ(gate_i) up_i, with σ(a) = 1 / (1 + exp(-a))
    Backward   dgate_i = dy_i up_i σ(gate_i) (1 - σ(gate_i))    dup_i = dy_i σ(gate_i)
    Shapes     gate (..., d_ff), up (..., d_ff) -> y (..., d_ff)
    Errors     ValueError if the shapes differ
    Source     Dauphin et al. 2017 (arXiv:1612.08083), eq. 1
    """
    return _gated("glu", gate, up, bend_into=_sigmoid_into)


@op
def reglu(gate, up):
    """The gate of a ReGLU layer: ReLU lets nothing pass, or a multiple of it.

    Forward    y_i = max(gate_i, 0) up_i
    Backward   dgate_i = dy_i up_i if gate_i > 0, else 0    dup_i = dy_i max(gate_i, 0)
    Shapes     gate (..., d_ff), up (..., d_ff) -> y (..., d_ff)
    Errors     ValueError if the shapes differ
    Source     Shazeer 2020 (arXiv:2002.05202), eq. 5
    """
    return _gated("reglu", gate, up, bend_into=_relu_into)


@op
def geglu(gate, up):
    """The gate of a GEGLU layer: one projection, through GELU, scales another.

    Forward    y_i = gelu(gate_i) up_i
    Backward   dgate_i = dy_i up_i gelu'(gate_i)    dup_i = dy_i gelu(gate_i)
    Shapes     gate (..., d_ff), up (..., d_ff) -> y (..., d_ff)
    Errors     ValueError if the shapes differ
    Source     Shazeer 2020 (arXiv:2002.05202), eq. 5
    """
    return _gated("geglu", gate, up, bend_into=gelu_into)


@op
def swiglu(gate, up):
    """The gate of a SwiGLU layer: one projection, through SiLU, scales another.

    Forward    y_i = silu(gate_i) up_i
    Backward   dgate_i = dy_i up_i silu'(gate_i)    dup_i = dy_i silu(gate_i)
    Shapes     gate (..., d_ff), up (..., d_ff) -> y (..., d_ff)
    Errors     ValueError if the shapes differ
    Source     Shazeer 2020 (arXiv:2002.05202), eq. 5
    """
    return _gated("swiglu", gate, up, bend_into=silu_into)


def _gated(name, gate, up, *, bend_into):
    """y = bend(gate) up, and its backward; `bend_into(x, y, slope)` computes one tile."""
    if gate.shape != up.shape:
        raise ValueError(f"{name}: gate {gate.shape} and up {up.shape} must have one shape")
    gate, up = contiguous(gate), contiguous(up)
    y, bent, slope = np.empty_like(gate), np.empty_like(gate), np.empty_like(gate)
    for gate_, up_, y_, bent_, slope_ in tiles(gate, up, y, bent, slope):
        bend_into(gate_, bent_, slope_)
        np.multiply(bent_, up_, out=y_)
        slope_ *= up_

    def backward(dy):
        return dy * slope, dy * bent

    return y, backward


def _relu_into(x, y, slope):
    """Write relu(x) to y and its slope, 0 or 1, to slope."""
    np.maximum(x, 0.0, out=y)
    np.greater(x, 0.0, out=slope)


def _sigmoid_into(x, y, slope):
    """Write σ(x) to y and σ'(x) to slope."""
    y[...] = logistic(x)
    np.multiply(y, logistic(-x), out=slope)
