"""Six tiny engines that differentiate programs: one is honest, five make one classic mistake each.

`Engine` is the engine that lesson 02 builds. A broken one differs from it in one method, and says
in its first line what is wrong with it.
"""

import copy

import numpy as np

from tinyffn.tensor import unbroadcast


class Tracked:
    """An array that knows how it was made: from which inputs, and how a gradient goes back."""

    def __init__(self, data, inputs=(), backward=None):
        self.data, self.inputs, self.backward = data, inputs, backward

    def __add__(self, other):
        return Tracked(self.data + other.data, (self, other), lambda dy: (dy, dy))

    def __mul__(self, other):
        a, b = self.data, other.data
        return Tracked(a * b, (self, other), lambda dy: (dy * b, dy * a))


class Engine:
    """The honest engine: each node once, after all that used it, and contributions are added."""

    def __init__(self):
        self.visits = 0

    def gradients(self, y, dy):
        """{tracked: its gradient} for y and for all that it was made from."""
        total = {y: dy}
        for node in reversed(self.inputs_first(y)):
            self.visits += 1
            for source, dx in self.slopes(node, total[node]):
                total[source] = self.plus(total.get(source), dx)
        return total

    def inputs_first(self, y):
        done = {}

        def visit(node):
            if node not in done:
                for source in node.inputs:
                    visit(source)
                done[node] = True

        visit(y)
        return list(done)

    def slopes(self, node, dy):
        """(input, its gradient) for each input of the op that made this node."""
        gradients = node.backward(dy) if node.backward else ()
        shapes = [source.data.shape for source in node.inputs]
        return zip(node.inputs, map(self.fit, gradients, shapes), strict=True)

    def fit(self, dx, shape):
        return unbroadcast(dx, shape)

    def plus(self, so_far, dx):
        return dx if so_far is None else so_far + dx


class Overwriter(Engine):
    """The last gradient wins: those that came before are forgotten."""

    def plus(self, so_far, dx):
        return dx


class Wanderer(Engine):
    """Every path from y down is walked by itself, however many paths there are."""

    def gradients(self, y, dy):
        total = {}

        def visit(node, dy):
            self.visits += 1
            total[node] = self.plus(total.get(node), dy)
            for source, dx in self.slopes(node, dy):
                visit(source, dx)

        visit(y, dy)
        return total


class Hasty(Engine):
    """Nodes are undone as they are found from y: a gradient that comes later is not passed on."""

    def inputs_first(self, y):
        found = [y]
        for node in found:
            for source in node.inputs:
                if source not in found:
                    found.append(source)
        return found[::-1]


class Stretcher(Engine):
    """What broadcasting copied is not summed: the gradient has the shape of the result."""

    def fit(self, dx, shape):
        return dx


class Borrower(Engine):
    """The sum is made in an array that belongs to somebody else as well."""

    def plus(self, so_far, dx):
        if so_far is None:
            return dx
        so_far += dx
        return so_far


BROKEN = (Overwriter, Wanderer, Hasty, Stretcher, Borrower)


def suspects(rng):
    """The six kinds of engine under the letters A to F, in an order that `rng` draws."""
    kinds = (Engine, *BROKEN)
    return {letter: kinds[i] for letter, i in zip("ABCDEF", rng.permutation(6), strict=True)}


def as_pair(program, engine):
    """A pair `arrays -> (y, backward)` of a program over Tracked, differentiated by this engine."""

    def pair(*arrays):
        inputs = [Tracked(np.asarray(array)) for array in arrays]
        y = program(*inputs)

        def backward(dy):
            total = engine.gradients(y, copy.copy(dy))  # an engine may write into it
            return tuple(total.get(x, np.zeros_like(x.data)) for x in inputs)  # 0 if not used

        return y.data, backward

    return pair
