"""Softmax: numbers into probabilities, and its logarithm."""

import numpy as np

from tinyffn.tensor import op


@op
def softmax(x):
    """Turn each row into positive weights that sum to one.

    Forward    y_ni = exp(x_ni) / Σ_k exp(x_nk)
    Backward   dx_ni = y_ni (dy_ni - Σ_k dy_nk y_nk)
    Shapes     x (..., d) -> y (..., d)
    Errors     ValueError if x has no last axis, or an empty one
    Source     Bridle 1990 (Probabilistic interpretation of feedforward classification network
               outputs)
    """
    _must_have_entries("softmax", x)
    y = x - x.max(axis=-1, keepdims=True)  # changes no ratio, and exp cannot overflow
    np.exp(y, out=y)
    y /= y.sum(axis=-1, keepdims=True)

    def backward(dy):
        dx = dy - np.einsum("...i,...i->...", dy, y)[..., None]
        dx *= y
        return (dx,)

    return y, backward


@op
def log_softmax(x):
    """The logarithm of softmax, without forming probabilities that may round to zero.

    Forward    y_ni = x_ni - log Σ_k exp(x_nk)
    Backward   dx_ni = dy_ni - exp(y_ni) Σ_k dy_nk
    Shapes     x (..., d) -> y (..., d)
    Errors     ValueError if x has no last axis, or an empty one
    Source     Bridle 1990 (Probabilistic interpretation of feedforward classification network
               outputs)
    """
    _must_have_entries("log_softmax", x)
    y = x - x.max(axis=-1, keepdims=True)
    y -= np.log(np.exp(y).sum(axis=-1, keepdims=True))

    def backward(dy):
        dx = np.exp(y)
        dx *= -dy.sum(axis=-1, keepdims=True)
        dx += dy
        return (dx,)

    return y, backward


def _must_have_entries(name, x):
    if x.ndim < 1 or x.shape[-1] == 0:
        raise ValueError(f"{name}: x {x.shape} must have a last axis with one entry or more")
