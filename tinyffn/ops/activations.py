"""Activations: what keeps a stack of layers from being one layer.

Each is a chain of elementwise steps; the longer ones are done tile by tile. Where the derivative
costs little extra, the forward computes it along the way: backward is then one product, and the
input can be freed.
"""

import math

import numpy as np

from tinyffn.ops.gaussian import normal_tail
from tinyffn.ops.tiles import contiguous, tiles
from tinyffn.tensor import op


@op
def relu(x):
    """Rectified linear unit: negative values become zero.

    Forward    y_i = max(x_i, 0)
    Backward   dx_i = dy_i if x_i > 0, else 0
    Shapes     x (..., d) -> y (..., d)
    Source     Nair and Hinton 2010 (Rectified linear units improve restricted Boltzmann machines)
    """
    y = np.maximum(x, 0.0)

    def backward(dy):
        return (dy * (y > 0.0),)

    return y, backward


@op
def gelu(x):
    """Gaussian error linear unit: x times the chance that a standard normal draw lies below x.

    Forward    y_i = x_i Φ(x_i), with Φ(x) = (1 + erf(x / √2)) / 2
    Backward   dx_i = dy_i (Φ(x_i) + x_i φ(x_i)), with φ(x) = exp(-x² / 2) / √(2π)
    Shapes     x (..., d) -> y (..., d)
    Source     Hendrycks and Gimpel 2016 (arXiv:1606.08415), section 2
    """
    x = contiguous(x)
    y, slope = np.empty_like(x), np.empty_like(x)
    for x_, y_, slope_ in tiles(x, y, slope):
        density = x_ * x_
        density *= -0.5
        np.exp(density, out=density)
        tail = normal_tail(np.abs(x_), density)
        # Φ(x) is 1 - tail right of zero and tail left of it: |[x > 0] - tail|, without a branch,
        # and without a difference of nearly equal numbers far left.
        np.greater(x_, 0.0, out=slope_)
        slope_ -= tail
        np.abs(slope_, out=slope_)  # Φ(x)
        np.multiply(x_, slope_, out=y_)
        density *= x_
        density *= math.sqrt(0.5 / math.pi)
        slope_ += density  # x φ(x)

    def backward(dy):
        return (dy * slope,)

    return y, backward


@op
def gelu_tanh(x):
    """The tanh approximation of GELU, as GPT-2 computes it; off by at most 5e-4.

    Forward    y_i = x_i (1 + t_i) / 2, with t_i = tanh(c (x_i + 0.044715 x_i³)), c = √(2/π)
    Backward   dx_i = dy_i ((1 + t_i) / 2 + x_i (1 - t_i²) c (1 + 3·0.044715 x_i²) / 2)
    Shapes     x (..., d) -> y (..., d)
    Source     Hendrycks and Gimpel 2016 (arXiv:1606.08415), section 2
    """
    x = contiguous(x)
    y, slope = np.empty_like(x), np.empty_like(x)
    c = math.sqrt(2.0 / math.pi)
    for x_, y_, slope_ in tiles(x, y, slope):
        square = x_ * x_
        t = np.tanh(c * x_ * (1.0 + 0.044715 * square))
        np.multiply(x_, 0.5 + 0.5 * t, out=y_)
        np.multiply(x_, 1.0 - t * t, out=slope_)
        slope_ *= c + 3.0 * 0.044715 * c * square
        slope_ += 1.0 + t
        slope_ *= 0.5

    def backward(dy):
        return (dy * slope,)

    return y, backward


@op
def silu(x):
    """Sigmoid linear unit, also called Swish: x times its own sigmoid.

    Forward    y_i = x_i σ_i, with σ_i = 1 / (1 + exp(-x_i))
    Backward   dx_i = dy_i σ_i (1 + x_i (1 - σ_i))
    Shapes     x (..., d) -> y (..., d)
    Source     Ramachandran et al. 2017 (arXiv:1710.05941), which calls it Swish
    """
    x = contiguous(x)
    y, slope = np.empty_like(x), np.empty_like(x)
    for x_, y_, slope_ in tiles(x, y, slope):
        _silu_tile(x_, y_, slope_)

    def backward(dy):
        return (dy * slope,)

    return y, backward


@op
def swiglu(gate, up):
    """The gate of a SwiGLU layer: one projection, through SiLU, scales another.

    Forward    y_i = silu(gate_i) up_i
    Backward   dgate_i = dy_i up_i silu'(gate_i)    dup_i = dy_i silu(gate_i)
    Shapes     gate (..., d_ff), up (..., d_ff) -> y (..., d_ff)
    Errors     ValueError if the shapes differ
    Source     Shazeer 2020 (arXiv:2002.05202), eq. 5
    """
    if gate.shape != up.shape:
        raise ValueError(f"swiglu: gate {gate.shape} and up {up.shape} must have one shape")
    gate, up = contiguous(gate), contiguous(up)
    y, act, slope = np.empty_like(gate), np.empty_like(gate), np.empty_like(gate)
    for gate_, up_, y_, act_, slope_ in tiles(gate, up, y, act, slope):
        _silu_tile(gate_, act_, slope_)
        np.multiply(act_, up_, out=y_)
        slope_ *= up_

    def backward(dy):
        return dy * slope, dy * act

    return y, backward


def _silu_tile(x, y, slope):
    """Write silu(x) to y and silu'(x) to slope."""
    with np.errstate(over="ignore"):  # exp(-x) = inf gives σ = 0, which is right
        sigma = 1.0 / (1.0 + np.exp(-x))
    np.multiply(x, sigma, out=y)
    np.subtract(1.0, sigma, out=slope)
    slope *= x
    slope += 1.0
    slope *= sigma
