"""Activations: what keeps a stack of layers from being one layer.

Each is a chain of elementwise steps; the longer ones are done tile by tile. Where the derivative
costs little extra, the forward computes it along the way: backward is then one product, and the
input can be freed.

Each remembers one array. With ReLU and leaky ReLU it is the result itself, which a dense map that
follows remembers anyway, so that the two together keep one; with the others they keep two.
"""

import math

import numpy as np

from tinyffn.arguments import must_be_share
from tinyffn.ops.elementwise import logistic
from tinyffn.ops.gaussian import normal_tail
from tinyffn.ops.tiles import contiguous, tiles
from tinyffn.tensor import op


@op
def identity(x):
    """No activation at all: what a layer is compared with, to see what its activation does.

    Forward    y_i = x_i
    Backward   dx_i = dy_i
    Shapes     x (..., d) -> y (..., d)
    Source     none: it is what the activations of this file are not
    """

    def backward(dy):
        return (dy,)

    return x, backward


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
def leaky_relu(x, *, slope=0.01):
    """ReLU that leaks: negative values are scaled down by `slope`, and pass a gradient still.

    Forward    y_i = x_i if x_i > 0, else slope x_i
    Backward   dx_i = dy_i if x_i > 0, else slope dy_i
    Shapes     x (..., d) -> y (..., d)
    Errors     ValueError if slope is not a number in [0, 1)
    Source     Maas et al. 2013 (Rectifier nonlinearities improve neural network acoustic models)
    """
    must_be_share("leaky_relu", slope=slope)
    slope = float(slope)  # a NumPy number would promote float32
    y = np.maximum(x, slope * x if slope else 0.0)  # 0 times infinity is not a number

    def backward(dy):
        return (np.where(y > 0.0, dy, slope * dy),)

    return y, backward


@op
def squared_relu(x):
    """The square of ReLU: no kink at zero, and it grows faster than any line.

    Forward    y_i = r_i², with r_i = max(x_i, 0)
    Backward   dx_i = 2 r_i dy_i
    Shapes     x (..., d) -> y (..., d)
    Source     So et al. 2021 (arXiv:2109.08668)
    """
    r = np.maximum(x, 0.0)

    def backward(dy):
        dx = dy * r
        dx *= 2.0
        return (dx,)

    return r * r, backward


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
        gelu_into(x_, y_, slope_)

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
        silu_into(x_, y_, slope_)

    def backward(dy):
        return (dy * slope,)

    return y, backward


def gelu_into(x, y, slope):
    """Write gelu(x) to y and gelu'(x) to slope, all of one tile."""
    density = x * x
    density *= -0.5
    np.exp(density, out=density)
    tail = normal_tail(np.abs(x), density)
    # Φ(x) is 1 - tail right of zero and tail left of it: |[x > 0] - tail|, without a branch,
    # and without a difference of nearly equal numbers far left.
    np.greater(x, 0.0, out=slope)
    slope -= tail
    np.abs(slope, out=slope)  # Φ(x)
    np.multiply(x, slope, out=y)
    density *= x
    density *= math.sqrt(0.5 / math.pi)
    slope += density  # x φ(x)


def silu_into(x, y, slope):
    """Write silu(x) to y and silu'(x) to slope, all of one tile."""
    sigma = logistic(x)
    np.multiply(x, sigma, out=y)
    np.subtract(1.0, sigma, out=slope)
    slope *= x
    slope += 1.0
    slope *= sigma
