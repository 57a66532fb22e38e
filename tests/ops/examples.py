"""Calls of every op, drawn from the table: arrays, settings, and the shapes of the results."""

import inspect
from dataclasses import dataclass

import numpy as np
import pytest

from tinyffn import ops

from .shapes_line import labels_in, parse, section, shape_of
from .table import TABLE, Row, normal


@dataclass(frozen=True)
class Example:
    """One call of one op: its arrays (None where absent), settings, and the shape of y."""

    name: str
    number: int
    row: Row
    sizes: dict
    leading: tuple

    def __str__(self):
        leading = f"-leading{self.leading}" if self.row.shapes is None else ""
        return f"{self.name}-row{self.number}{leading}".replace(" ", "")

    @property
    def arguments(self):
        """The names of its arrays."""
        return list(line_of(OPS[self.name], self.row).inputs)

    def draw(self, op):
        """Fresh arrays, settings, and the shape that y must have; the same ones at each call."""
        rng = np.random.default_rng([self.number, *self.leading])
        line = line_of(op, self.row)
        settings = self.row.settings
        if callable(settings):
            settings = settings(rng, self.sizes, self.leading)
        arrays = [
            None if name in self.row.absent
            else np.asarray(
                self.row.domains.get(name, normal)(rng, shape_of(axes, self.sizes, self.leading))
            )
            for name, axes in line.inputs.items()
        ]  # fmt: skip
        return arrays, settings, shape_of(line.output, self.sizes, self.leading)


def line_of(op, row):
    try:
        return parse(row.shapes or section(op.__doc__, "Shapes"))
    except ValueError as error:
        raise ValueError(f"{op.__name__}: {error} (CONTRIBUTING.md, step 2)") from None


def examples(name, op, leading_axes=(0, 1, 2), pool=(2, 3, 4, 5, 6, 7)):
    """Every row of an op, for a layer op with each number of leading axes; sizes all different."""
    found = []
    for number, row in enumerate(TABLE.get(name, ())):
        line = line_of(op, row)
        for n_leading in leading_axes if line.has_leading else (0,):
            rng = np.random.default_rng([number, n_leading])
            drawn = [int(size) for size in rng.permutation(pool)]
            sizes = dict(zip(line.sizes, drawn, strict=False))
            in_order = sorted(sizes[axis] for axis in row.ascending)
            sizes |= dict(zip(row.ascending, in_order, strict=True))
            leading = tuple(drawn[len(sizes) :][:n_leading])
            found.append(Example(name, number, row, sizes, leading))
    return found


OPS = {name: getattr(ops, name) for name in ops.__all__}
LAYER_OPS = [name for name, op in OPS.items() if labels_in(op.__doc__)]
EXAMPLES = [example for name, op in OPS.items() for example in examples(name, op)]


def each(cases):
    return pytest.mark.parametrize("example", cases, ids=str)


def draw(example, dtype=np.float64):
    """The op, its arrays in one type, its settings, the shape of y, and an upstream gradient."""
    op = OPS[example.name]
    arrays, settings, y_shape = example.draw(op)
    arrays = [None if a is None else a.astype(dtype) for a in arrays]
    dy = np.asarray(np.random.default_rng(7).standard_normal(y_shape)).astype(dtype)
    return op, arrays, settings, y_shape, dy


def gradients_of(example, backward, dy):
    """What backward returns, once it is sure to be a tuple with one gradient per argument."""
    gradients, n = backward(dy), len(example.arguments)
    if not isinstance(gradients, tuple) or len(gradients) != n:
        given = len(gradients) if isinstance(gradients, tuple) else type(gradients).__name__
        pytest.fail(
            f"{example.name}: backward must return a tuple of {n} gradients, one for each "
            f"positional argument, but returned {given} (CONTRIBUTING.md, step 1)"
        )
    return gradients


def positional_arguments(name):
    parameters = inspect.signature(OPS[name]).parameters.values()
    return [p.name for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD]


def same(a, b):
    return (a is None and b is None) or np.array_equal(a, b)
