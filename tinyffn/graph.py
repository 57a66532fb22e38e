"""The notes that ops leave behind, and the walk through them that computes gradients.

A tensor that can be differentiated carries a `Node`: which op made it, from which nodes, and the
function that leads back. Nodes point only backwards, from results to inputs, so there are no
reference cycles, and memory is free the moment nobody holds the result.
"""

import contextlib
from contextvars import ContextVar
from dataclasses import dataclass

import numpy as np

ARRAYS = (np.ndarray, np.generic)  # NumPy turns the sum of two 0-d arrays into a generic

_recording = ContextVar("recording", default=True)


@contextlib.contextmanager
def no_grad():
    """Inside `with no_grad():` ops compute, but note nothing: less memory, and no backward."""
    before = _recording.set(False)
    try:
        yield
    finally:
        _recording.reset(before)


def is_recording():
    """Whether ops note how their results are made: True, except inside `no_grad()`."""
    return _recording.get()


class Node:
    """How a tensor was made: the op's name, the nodes of its inputs, and the way back.

    A leaf (a parameter, say) has no op, no inputs and no backward; gradients collect in its `grad`.
    A node does not hold the tensor's data. What an op needs for its backward lives in the closure
    of `backward` and nowhere else, so the rest of the forward pass is freed as it goes.
    """

    __slots__ = ("backward", "dtype", "grad", "inputs", "keeps_grad", "op", "shape")

    def __init__(self, data, op=None, inputs=(), backward=None):
        self.shape, self.dtype = data.shape, data.dtype
        self.op, self.inputs, self.backward = op, inputs, backward
        self.keeps_grad = op is None
        self.grad = None


def inputs_first(root):
    """Every node that `root` depends on, each once, inputs before the ops that use them.

    Iterative, because Python's recursion ends at about a thousand calls and graphs do not.
    """
    order, seen, stack = [], set(), [(root, False)]
    while stack:
        node, inputs_are_done = stack.pop()
        if inputs_are_done:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))
            for source in node.inputs:
                if source is not None:
                    stack.append((source, False))
    return order


def walk(root, dy):
    """Carry the gradient `dy` from `root` back to every leaf, taking the graph apart on the way.

    Errors     RuntimeError if part of the graph was walked before
               ValueError or TypeError if an op's backward returns something that does not fit
    """
    order = inputs_first(root)
    if any(node.op and node.backward is None for node in order):
        raise RuntimeError(
            "this graph was already walked; add the losses first, or run the forward again"
        )
    pending = {root: (dy, False)}  # per node: the gradient so far, and whether it is ours
    while order:
        node = order.pop()
        node_dy, is_ours = pending.pop(node)
        if node.keeps_grad:
            if node.grad is not None:
                node.grad += node_dy
            elif is_ours and node.op is None:
                node.grad = node_dy
            else:  # somebody else's array, or one that goes on to a backward: keep a copy
                node.grad = np.array(node_dy, order="C")
        if node.op is None:
            continue
        gradients, inputs = node.backward(node_dy), node.inputs
        node.backward, node.inputs = None, ()  # frees what the op remembered
        _must_fit(node, inputs, gradients)
        for source, dx in zip(inputs, gradients, strict=True):
            if source is not None:
                pending[source] = _plus(pending.get(source), dx)


def _plus(so_far, dx):
    """One more contribution to a gradient: the sum, and whether its array is ours to write to.

    The first is borrowed, for an op may hand one array to two inputs. The second makes an array of
    our own, and later ones are added to it in place.
    """
    if so_far is None:
        return dx, False
    total, is_ours = so_far
    out = total if is_ours else np.empty(dx.shape, dx.dtype)
    return np.add(total, dx, out=out), True  # without `out`, 0-d arrays would become scalars


def _must_fit(node, inputs, gradients):
    """An error unless backward gave, to each input that wants a gradient, one of its own kind."""
    if not isinstance(gradients, tuple) or len(gradients) != len(inputs):
        given = len(gradients) if isinstance(gradients, tuple) else type(gradients).__name__
        raise TypeError(
            f"{node.op}: backward must return a tuple of {len(inputs)} gradients, one for each "
            f"positional argument, but returned {given}"
        )
    for position, (source, dx) in enumerate(zip(inputs, gradients, strict=True)):
        if source is None:
            continue
        is_array = isinstance(dx, ARRAYS)
        if not is_array or dx.shape != source.shape or dx.dtype != source.dtype:
            given = f"{dx.dtype} {dx.shape}" if is_array else f"{dx!r:.40}"
            raise ValueError(
                f"{node.op}: backward returned {given} as the gradient of argument {position}, "
                f"which is {source.dtype} {source.shape}"
            )


@dataclass(frozen=True)
class GraphNode:
    """One node of a graph as plain data.

    `kind` is "op", "parameter" for a leaf with a name, or "input" for one without. What takes no
    gradient (plain arrays, numbers) is not part of a graph.
    """

    name: str
    shape: tuple[int, ...]
    parents: tuple[int, ...]
    remembered_bytes: int
    kind: str


def graph(tensor, names=None):
    """The graph behind a tensor as a list of `GraphNode`, inputs before the ops that use them.

    `remembered_bytes` is what an op keeps alive for its backward; an array that several ops
    remember is counted at the first of them, the data of named leaves not at all, so the sum over
    the list is the memory that waits for `backward`. Look before `backward`: it frees the graph.

    Arguments  names: a dict of name -> leaf tensor, such as dict(model.named_parameters())
    Errors     RuntimeError if the tensor has no graph
    """
    if tensor.node is None:
        raise RuntimeError("graph: nothing here requires a gradient, so nothing was noted")
    names = names or {}
    leaf_names = {t.node: name for name, t in names.items()}
    counted = {id(_buffer(t.data)) for t in names.values()}
    order = inputs_first(tensor.node)
    index = {node: i for i, node in enumerate(order)}
    nodes = []
    for node in order:
        size = 0
        for array in _arrays_in(node.backward, set()):
            if id(_buffer(array)) not in counted:
                counted.add(id(_buffer(array)))
                size += _buffer(array).nbytes
        kind = "op" if node.op else "parameter" if node in leaf_names else "input"
        name = node.op or leaf_names.get(node, "input")
        parents = tuple(index[source] for source in node.inputs if source is not None)
        nodes.append(GraphNode(name, node.shape, parents, size, kind))
    return nodes


def _arrays_in(value, seen):
    """Every array that a function's closure holds, looking into tuples, lists and functions."""
    if isinstance(value, np.ndarray):
        yield value
    elif id(value) not in seen:  # a function may hold itself
        seen.add(id(value))
        for item in _contents(value):
            yield from _arrays_in(item, seen)


def _contents(value):
    if isinstance(value, tuple | list):
        yield from value
    for cell in getattr(value, "__closure__", None) or ():
        with contextlib.suppress(ValueError):  # a cell that nothing was put into
            yield cell.cell_contents


def _buffer(array):
    """The array that owns the memory which this one looks into."""
    while isinstance(array.base, np.ndarray):
        array = array.base
    return array
