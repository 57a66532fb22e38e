"""What a forward pass keeps for its backward: a price that no parameter count shows."""

import numpy as np

from tinyffn.arguments import must_be_callable
from tinyffn.graph import graph
from tinyffn.nn.module import Module
from tinyffn.tensor import Tensor


def remembered_bytes(f, *shapes, dtype=np.float32, parameters=()):
    """Bytes that y = f(x1, x2, ...) keeps alive until its backward, for inputs of these shapes.

        remembered_bytes(ops.gelu, (1024, 256))         one float32 array: 1,048,576
        remembered_bytes(feed_forward, (1024, 64))      a whole layer

    Each array counts once, however many ops keep it, and whether it is an input, an inner result or
    y itself. Parameters do not count: they stay in memory with or without a backward. They are
    known if f is a Module; of a Module that f calls, pass them as `parameters`. So, for a layer
    that works on each position alone, `remembered_bytes(layer, (1, d))` is what one more token
    costs.

    Errors     TypeError if f is no function, or what it returns is no Tensor; RuntimeError if
               that does not depend on the inputs; ValueError from f if the shapes do not fit it
    """
    must_be_callable("remembered_bytes", f=f)
    inputs = [Tensor(np.full(shape, 0.5, dtype), requires_grad=True) for shape in shapes]
    y = f(*inputs)
    if not isinstance(y, Tensor):
        given = type(y).__name__
        raise TypeError(f"remembered_bytes: f returned {given}, but must return a Tensor")
    if y.node is None:
        raise RuntimeError("remembered_bytes: what f returned does not depend on its inputs")
    names = {f"parameters[{i}]": p for i, p in enumerate(parameters)}
    names |= dict(f.named_parameters()) if isinstance(f, Module) else {}
    return sum(node.remembered_bytes for node in graph(y, names))
