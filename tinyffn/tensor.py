"""Tensors and ops: how a machine differentiates a program. Read this file first.

1. An *op* is a pure NumPy function that returns `(y, backward)`: the result, and a function that
   turns the gradient of the result into one gradient per positional argument.
2. `@op` lets such a function take Tensors, and notes on the result how it was made.
3. `Tensor.backward()` follows the notes from the result to the leaves (`graph.py` has that walk).

Gradients are plain arrays, so there are first derivatives only. The ops behind Python's operators
stand below; all others are functions in `ops/`.
"""

import functools

import numpy as np

from tinyffn.dtypes import FLOATS, NUMBERS, same_dtype, to_array
from tinyffn.graph import Node, is_recording, walk


class Tensor:
    """A float32 or float64 array that can be differentiated.

    `data` is the array (the one given, not a copy), `grad` the gradient once `backward` has run.
    Python numbers and lists become float32.

    Errors     TypeError if data is an array of something else (convert integers on purpose)
    """

    __slots__ = ("__weakref__", "data", "node")
    __array_ufunc__ = None  # so that NumPy leaves `array + tensor` to Tensor.__radd__

    def __init__(self, data, requires_grad=False):
        if not isinstance(data, np.ndarray):  # NumPy's scalars keep their type
            data = to_array(data, data.dtype if isinstance(data, np.generic) else np.float32)
        if data.dtype not in FLOATS:
            raise TypeError(
                f"Tensor: data is {data.dtype}, but must be float32 or float64: "
                "convert it with .astype(np.float32)"
            )
        self.data = data
        self.node = Node(data) if requires_grad else None

    def __array__(self, dtype=None, copy=None):
        raise TypeError("a Tensor is not an array: pass its .data to NumPy and to matplotlib")

    # fmt: off
    @property
    def shape(self): return self.data.shape
    @property
    def ndim(self): return self.data.ndim
    @property
    def size(self): return self.data.size
    @property
    def dtype(self): return self.data.dtype
    @property
    def requires_grad(self): return self.node is not None
    # fmt: on

    @property
    def grad(self):
        """The gradient, an array of its own; None before the first backward.

        Errors     RuntimeError for an inner tensor whose gradient was not kept
        """
        if self.node is None:
            return None
        if not self.node.keeps_grad:
            raise RuntimeError(
                f"the gradient of this inner tensor (made by {self.node.op}) is not kept: "
                "call .keep_grad() on it before backward()"
            )
        return self.node.grad

    @grad.setter
    def grad(self, value):
        if self.node is None:
            raise RuntimeError("this tensor takes no gradient: make it with requires_grad=True")
        if value is not None:
            is_array = isinstance(value, np.ndarray)
            if not is_array or (value.shape, value.dtype) != (self.shape, self.dtype):
                given = f"{value.dtype} {value.shape}" if is_array else f"{value!r:.40}"
                raise ValueError(f"grad: {given} must be {self.dtype} {self.shape}, as the tensor")
            value = np.array(value, order="C")  # its own: backward adds to it in place
        self.node.grad = value

    def keep_grad(self):
        """Keep the gradient of this inner tensor, to look at it after backward; returns self."""
        if self.node is None:
            raise RuntimeError("keep_grad: nothing here requires a gradient")
        self.node.keeps_grad = True
        return self

    def __bool__(self):
        raise TypeError("a Tensor is neither true nor false: compare its .data or its .item()")

    def item(self):
        """The value of a tensor of one element, as a Python float."""
        return self.data.item()

    def backward(self, dy=None):
        """Add to `grad` of every leaf the derivative of this tensor, weighted by `dy`.

        `dy` is the gradient of all that comes after; for a single number it is 1. The graph is
        taken apart on the way and its memory freed: one forward, one backward.

        Errors     ValueError if dy is missing, or has not this tensor's shape
                   RuntimeError if nothing requires a gradient, or the graph was walked before
        """
        if self.node is None:
            raise RuntimeError(
                "backward: nothing here requires a gradient, or the forward ran in no_grad()"
            )
        if dy is None:
            if self.size != 1:
                raise ValueError(
                    f"backward: a tensor of shape {self.shape} is not a single number: "
                    "reduce it to a loss, or pass the upstream gradient dy"
                )
            dy = np.ones_like(self.data)
        dy = to_array(dy, self.dtype)
        if dy.shape != self.shape:
            raise ValueError(f"backward: dy {dy.shape} must have the tensor's shape {self.shape}")
        walk(self.node, dy)

    def __repr__(self):
        values = np.array2string(self.data, precision=4, threshold=20, prefix="Tensor(")
        made = "" if self.node is None else f", made by {self.node.op or 'the user'}"
        return f"Tensor({values}, {self.dtype} {self.shape}{made})"

    def __getattr__(self, name):  # called only when there is no such attribute
        raise AttributeError(f"a Tensor has no .{name}: ops are functions, see tinyffn.ops")

    # fmt: off
    def __add__(self, other): return add(self, other)
    def __radd__(self, other): return add(other, self)
    def __sub__(self, other): return subtract(self, other)
    def __rsub__(self, other): return subtract(other, self)
    def __mul__(self, other): return multiply(self, other)
    def __rmul__(self, other): return multiply(other, self)
    def __truediv__(self, other): return divide(self, other)
    def __rtruediv__(self, other): return divide(other, self)
    def __matmul__(self, other): return matmul(self, other)
    def __rmatmul__(self, other): return matmul(other, self)
    def __neg__(self): return negative(self)
    def __pow__(self, exponent): return power(self, exponent=exponent)
    def __getitem__(self, index): return getitem(self, index=index)
    # fmt: on


def op(pair):
    """Make a pair function `arrays -> (y, backward)` an op: Tensors in, a Tensor out, noted.

    Positional arguments are differentiated: Tensors, arrays, numbers, or None where that is the
    default. Keyword arguments are settings. The bare function stays at hand as `.pair`.

    Errors     TypeError if an argument is something else, comes by keyword though it is
               differentiated, or mixes float32 with float64: NumPy would promote silently
    """
    name = pair.__name__
    positional = pair.__code__.co_varnames[: pair.__code__.co_argcount]  # their names
    optional = pair.__defaults__ or ()  # a None for each that may be left out
    n_required = len(positional) - len(optional)

    @functools.wraps(pair)
    def record(*args, **settings):
        if settings and not settings.keys().isdisjoint(positional):
            raise TypeError(f"{name}: give {', '.join(positional)} by position, not by keyword")
        if n_required <= len(args) < len(positional):  # one left out gets a gradient too: None
            args += optional[len(args) - n_required :]
        values = [a.data if isinstance(a, Tensor) else a for a in args]
        arrays = same_dtype(name, positional, values, n_required)
        try:
            y, backward = pair(*arrays, **settings)
        except Exception as error:
            shapes = [None if a is None else a.shape for a in arrays]
            given = ", ".join(f"{n} {s}" for n, s in zip(positional, shapes, strict=False))
            error.add_note(f"in the op {name}, given {given}")
            raise
        y = Tensor(y)
        if is_recording():
            inputs = [a.node if isinstance(a, Tensor) else None for a in args]
            if any(inputs):
                y.node = Node(y.data, name, inputs, backward)
        return y

    record.pair = pair  # pyrefly: ignore[missing-attribute]
    return record


def unbroadcast(dy, shape):
    """Sum `dy` over the axes along which an array of this shape was broadcast.

    Broadcasting copies an entry to many places; its gradient is the sum over these places.
    """
    if dy.shape == shape:
        return dy
    added = tuple(range(dy.ndim - len(shape)))  # axes that broadcasting put in front
    dy = dy.sum(axis=added)
    stretched = tuple(i for i, size in enumerate(shape) if size != dy.shape[i])
    return dy.sum(axis=stretched, keepdims=True)


@op
def add(a, b):
    """a + b; da = dy, db = dy."""
    a_shape, b_shape = a.shape, b.shape  # all that backward remembers: not the arrays

    def backward(dy):
        return unbroadcast(dy, a_shape), unbroadcast(dy, b_shape)

    return a + b, backward


@op
def subtract(a, b):
    """a - b; da = dy, db = -dy."""
    a_shape, b_shape = a.shape, b.shape

    def backward(dy):
        return unbroadcast(dy, a_shape), unbroadcast(-dy, b_shape)

    return a - b, backward


@op
def multiply(a, b):
    """a b; da = dy b, db = dy a."""

    def backward(dy):
        return unbroadcast(dy * b, a.shape), unbroadcast(dy * a, b.shape)

    return a * b, backward


@op
def divide(a, b):
    """a / b; da = dy / b, db = -dy a / b²."""

    def backward(dy):
        return unbroadcast(dy / b, a.shape), unbroadcast(-dy * a / (b * b), b.shape)

    return a / b, backward


@op
def negative(x):
    """-x; dx = -dy."""

    def backward(dy):
        return (-dy,)

    return -x, backward


@op
def power(x, *, exponent):
    """x ** exponent, the exponent a plain number; dx = dy exponent x ** (exponent - 1)."""
    if not isinstance(exponent, NUMBERS):
        raise TypeError(f"power: exponent is {type(exponent).__name__}, but must be a number")
    exponent = float(exponent)  # a NumPy number would promote float32

    def backward(dy):
        if exponent == 0:  # the formula would be 0 times infinity at x = 0
            return (np.zeros_like(dy),)
        return (dy * (exponent * x ** (exponent - 1)),)

    return x**exponent, backward


@op
def matmul(a, b):
    """a @ b over the last two axes, leading axes broadcast; da = dy bᵀ, db = aᵀ dy."""
    if a.ndim < 2 or b.ndim < 2 or a.shape[-1] != b.shape[-2]:
        raise ValueError(
            f"matmul: a {a.shape} @ b {b.shape}: both need two axes or more, and a's last axis "
            "must equal b's last but one (make a vector a row with v[None, :])"
        )

    def backward(dy):
        da = dy @ b.swapaxes(-1, -2)
        db = a.swapaxes(-1, -2) @ dy
        return unbroadcast(da, a.shape), unbroadcast(db, b.shape)

    return a @ b, backward


@op
def getitem(x, *, index):
    """x[index]; dx is zero but for dy added at index, as often as an entry was taken."""
    y, shape = x[index], x.shape
    is_view = np.may_share_memory(y, x)  # of slices and numbers; a view takes no entry twice
    put = np.ndarray.__setitem__ if is_view else np.add.at

    def backward(dy):
        dx = np.zeros(shape, dy.dtype)
        put(dx, index, dy)  # not dx[index] += dy, which counts a repeated entry once
        return (dx,)

    return y, backward
