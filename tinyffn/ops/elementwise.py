"""Primitives that act on each entry by itself."""

import numpy as np

from tinyffn.tensor import op, unbroadcast


@op
def exp(x):
    """e^x; dx = dy e^x."""
    y = np.exp(x)

    def backward(dy):
        return (dy * y,)

    return y, backward


@op
def log(x):
    """The natural logarithm, x > 0; dx = dy / x."""

    def backward(dy):
        return (dy / x,)

    return np.log(x), backward


@op
def sqrt(x):
    """√x, x > 0; dx = dy / 2√x."""
    y = np.sqrt(x)

    def backward(dy):
        return (dy / (2.0 * y),)

    return y, backward


@op
def tanh(x):
    """tanh x; dx = dy (1 - tanh² x)."""
    y = np.tanh(x)

    def backward(dy):
        return (dy * (1.0 - y * y),)

    return y, backward


@op
def sigmoid(x):
    """σ(x) = 1 / (1 + e^-x); dx = dy σ(x) σ(-x)."""
    y = logistic(x)
    slope = y * logistic(-x)

    def backward(dy):
        return (dy * slope,)

    return y, backward


def logistic(x):
    """σ(x) of an array. 1 - σ(x) is σ(-x), which does not cancel where σ(x) is nearly 1."""
    with np.errstate(over="ignore"):  # e^-x = inf gives 0, which is right
        return 1.0 / (1.0 + np.exp(-x))


@op
def maximum(a, b):
    """The larger of a and b; dy goes to the larger, half to each where they are equal."""

    def backward(dy):
        to_a = (a > b) + 0.5 * (a == b)
        da = dy * to_a.astype(dy.dtype)
        return unbroadcast(da, a.shape), unbroadcast(dy - da, b.shape)

    return np.maximum(a, b), backward


@op
def where(a, b, *, condition):
    """a where the condition holds, else b; dy goes to the one that was taken."""
    condition = np.asarray(condition)
    if condition.dtype != np.bool_:
        raise TypeError(f"where: condition is {condition.dtype}, but must be boolean")

    a_shape, b_shape = a.shape, b.shape

    def backward(dy):
        da, db = np.where(condition, dy, 0.0), np.where(condition, 0.0, dy)
        return unbroadcast(da, a_shape), unbroadcast(db, b_shape)

    return np.where(condition, a, b), backward
