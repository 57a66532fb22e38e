"""Changes of a feed-forward layer that change nothing of what it does.

Whatever differs between two such layers cannot be read from what they do. So one number of a key or
a value alone, such as the length of a value, or on which side of zero its coefficient lies in a
gated layer, says nothing: look at this first. All changes here are made in place.
"""

import numpy as np

from tinyffn.arguments import is_whole, must_be_above
from tinyffn.graph import no_grad
from tinyffn.nn import FeedForward, GatedFeedForward
from tinyffn.tensor import Tensor


def rescale(layer, i, factor):
    """Make coefficient i `factor` times as large, and its value as many times smaller.

        gated    (x · up_i) times factor, v_i / factor
        plain    (x · up_i + b_i) times factor, v_i / factor, where activation(a z) is
                 a activation(z) for a above 0, as ReLU's is

    With a power of two, what the layer adds stays the same bit for bit.

    Errors     ValueError if i is no number of a coefficient, factor is not above 0, or the
               activation does not scale; TypeError if layer is no feed-forward layer
    """
    must_be_above("rescale", 0, factor=factor)
    _multiply("rescale", layer, i, float(factor))


def flip(layer, i):
    """Turn coefficient i and its value around: both get the other sign, the product stays.

    A gated layer allows it always, bit for bit; a plain one only if its activation is odd, as tanh.

    Errors     ValueError if i is no number of a coefficient, or the activation is not odd;
               TypeError if layer is no feed-forward layer
    """
    _multiply("flip", layer, i, -1.0)


def permute(layer, order):
    """Put the memories in another order: number i is then the one that was number order[i].

    Errors     ValueError if order does not name each memory once; TypeError if layer is no
               feed-forward layer
    """
    d_ff = _checked_d_ff("permute", layer)
    if sorted(order) != list(range(d_ff)):
        raise ValueError(f"permute: order must name each of 0 to {d_ff - 1} once")
    for row in _of_each_coefficient(layer):
        row[...] = row[..., order]


def canonical_sign(m):
    """The sign with which each value is read: that of its coefficient of largest size.

    So read, a value does not depend on flips: `canonical_sign(m)[:, None] * values` is what the
    layer adds where this memory speaks loudest, whether the coefficient there is above or below 0.

    Arguments  m (..., d_ff): coefficients over all that was read
    Returns    (d_ff): 1.0 or -1.0, of m's type; 1.0 for a memory that is 0 everywhere
    Errors     ValueError if m is empty
    """
    m = np.asarray(m)
    if m.size == 0:
        raise ValueError(f"canonical_sign: m {m.shape} is empty: read some text first")
    rows = m.reshape(-1, m.shape[-1])
    largest = rows[np.abs(rows).argmax(axis=0), np.arange(rows.shape[1])]
    return np.where(largest < 0, -1.0, 1.0).astype(m.dtype)


def _multiply(owner, layer, i, factor):
    d_ff = _checked_d_ff(owner, layer)
    if not is_whole(i) or not 0 <= i < d_ff:
        raise ValueError(f"{owner}: i is {i!r}, but must be a whole number from 0 to {d_ff - 1}")
    if isinstance(layer, FeedForward) and not _scales(layer, factor):
        raise ValueError(
            f"{owner}: this layer's activation of {factor:g} z is not {factor:g} times that of z: "
            + ("only an odd one, or a gated layer, can be flipped" if factor < 0 else "ReLU's is")
        )
    layer.up.w.data[:, i] *= factor
    if layer.up.b is not None:
        layer.up.b.data[i] *= factor
    layer.down.w.data[i] /= factor


def _scales(layer, factor):
    """Whether activation(factor z) = factor activation(z), tried on a few numbers z."""
    z = np.array([-3.0, -0.7, -0.1, 0.2, 1.0, 2.5])[:, None] * np.ones(layer.down.w.shape[0])
    with no_grad():
        scaled, plain = (layer.activation(Tensor(numbers)).data for numbers in (factor * z, z))
    return np.allclose(scaled, factor * plain, rtol=1e-5)


def _of_each_coefficient(layer):
    """All arrays that hold something for each memory, as views with d_ff as the last axis."""
    maps = [layer.up, layer.gate] if isinstance(layer, GatedFeedForward) else [layer.up]
    biases = [linear.b.data for linear in maps if linear.b is not None]
    return [linear.w.data for linear in maps] + biases + [layer.down.w.data.T]


def _checked_d_ff(owner, layer):
    if not isinstance(layer, FeedForward | GatedFeedForward):
        given = type(layer).__name__
        raise TypeError(
            f"{owner}: layer is a {given}, but must be a FeedForward or GatedFeedForward"
        )
    return layer.down.w.shape[0]
