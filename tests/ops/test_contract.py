"""What every op promises, checked for every op: purity, shapes, derivative, types.

The shapes of a layer op are read from its docstring, all else from `table.py`.
"""

import numpy as np
import pytest

from tinyffn import Tensor, check_pair, no_grad, ops
from tinyffn.gradcheck import TOLERANCE, jacobians

from .examples import EXAMPLES, OPS, Example, draw, each, examples, gradients_of, same
from .table import SURROGATES, TABLE

DIFFERENTIABLE = [e for e in EXAMPLES if e.name not in SURROGATES]
TINY = [
    example
    for name, op in OPS.items()
    for example in examples(name, op, leading_axes=(1,), pool=(2, 3, 4, 5, 6))
    if name not in SURROGATES
]


@pytest.mark.parametrize("name", OPS)
def test_has_a_row(name):
    if name not in TABLE:
        pytest.fail(
            f"the op {name} has no row in tests/ops/table.py: add one, and every test of this file "
            "runs over it (CONTRIBUTING.md, step 4)"
        )


def test_no_row_without_an_op():
    assert set(TABLE) <= set(OPS), f"no such op: {set(TABLE) - set(OPS)}"


# Purity comes first: an op that writes to its input fails all that follows, with absurd numbers.
@each(EXAMPLES)
def test_writes_to_no_input(example):
    """Neither to an argument nor to dy: they are locked, and the same afterwards."""
    op, arrays, settings, _, dy = draw(example)
    locked = [a for a in (*arrays, dy) if a is not None]
    before = [a.copy() for a in locked]
    for a in locked:
        a.flags.writeable = False
    rule = f"{example.name}: an argument or dy is written to (CONTRIBUTING.md, step 1)"
    try:
        op.pair(*arrays, **settings)[1](dy)
    except ValueError as error:
        error.add_note(rule)
        raise
    assert all(map(same, locked, before)), rule


@each(EXAMPLES)
def test_backward_is_pure(example):
    """Called twice it gives the same, and leaves y as it was."""
    op, arrays, settings, _, dy = draw(example)
    y, backward = op.pair(*arrays, **settings)
    y_before = np.copy(y)
    first = [None if g is None else np.copy(g) for g in gradients_of(example, backward, dy)]
    is_the_same = all(map(same, first, backward(dy)))
    assert is_the_same, f"{example.name}: backward gives something else when it is called twice"
    assert same(y, y_before), f"{example.name}: backward changes y"


@each(EXAMPLES)
def test_shapes(example):
    op, arrays, settings, y_shape, dy = draw(example)
    y, backward = op.pair(*arrays, **settings)
    assert y.shape == y_shape, f"{example.name}: y is {y.shape}, but the Shapes line says {y_shape}"
    gradients = gradients_of(example, backward, dy)
    for argument, x, dx in zip(example.arguments, arrays, gradients, strict=True):
        shape = None if x is None else x.shape
        given = None if dx is None else np.shape(dx)
        assert given == shape, f"{example.name}: d{argument} is {given} for {argument} {shape}"


@each(DIFFERENTIABLE)
def test_derivative(example):
    op, arrays, settings, *_ = draw(example)
    check_pair(op.pair, *arrays, rng=np.random.default_rng(3), **settings)


@each(TINY)
def test_jacobian(example):
    """Every output against every input, so that a failure shows where."""
    op, arrays, settings, *_ = draw(example)
    for argument, x in enumerate(arrays):
        if x is not None:
            analytic, numeric = jacobians(op.pair, *arrays, argument=argument, **settings)
            np.testing.assert_allclose(analytic, numeric, rtol=TOLERANCE, atol=TOLERANCE)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@each(EXAMPLES)
def test_keeps_dtype(example, dtype):
    op, arrays, settings, _, dy = draw(example, dtype)
    must_keep_dtype(example, op, arrays, settings, dy)


@each([e for e in EXAMPLES if e.row.settings])
def test_a_numpy_number_among_the_settings_promotes_nothing(example):
    """0.5 takes the type of the array it meets; np.float64(0.5) would make float32 float64."""
    op, arrays, settings, _, dy = draw(example, np.float32)
    settings = {name: as_numpy_number(value) for name, value in settings.items()}
    must_keep_dtype(example, op, arrays, settings, dy)


def as_numpy_number(value):
    if type(value) is float:
        return np.float64(value)
    return np.int64(value) if type(value) is int else value


def must_keep_dtype(example, op, arrays, settings, dy):
    y, backward = op.pair(*arrays, **settings)
    gradients = gradients_of(example, backward, dy)
    names = ["y", *(f"d{argument}" for argument in example.arguments)]
    for name, result in zip(names, (y, *gradients), strict=True):
        keeps = result is None or result.dtype == dy.dtype
        assert keeps, (
            f"{example.name}: {name} is {result.dtype} for {dy.dtype} {example.arguments[0]}: "
            "use float(...) (CONTRIBUTING.md, step 1)"
        )


@each(EXAMPLES)
def test_op_equals_its_pair(example):
    op, arrays, settings, _, dy = draw(example)
    y, backward = op.pair(*arrays, **settings)
    leaves = [None if a is None else Tensor(a, requires_grad=True) for a in arrays]
    recorded = op(*leaves, **settings)
    recorded.backward(dy)
    assert same(recorded.data, y)
    for leaf, gradient in zip(leaves, gradients_of(example, backward, dy), strict=True):
        assert (leaf is None and gradient is None) or same(leaf.grad, gradient)
    with no_grad():
        assert not op(*leaves, **settings).requires_grad


@each(EXAMPLES)
def test_any_memory_layout(example):
    """Transposed views and strided slices, of the arguments and of dy, give the same numbers."""
    op, arrays, settings, _, dy = draw(example)
    y, backward = op.pair(*arrays, **settings)
    for layout in (reversed_in_memory, every_other, backwards):
        laid_out = [None if a is None else layout(a) for a in arrays]
        y_2, backward_2 = op.pair(*laid_out, **settings)
        np.testing.assert_allclose(y_2, y, rtol=1e-12, atol=1e-12)
        for a, b in zip(backward(dy), backward_2(layout(dy)), strict=True):
            assert (a is None and b is None) or a.shape == b.shape
            if a is not None:
                np.testing.assert_allclose(b, a, rtol=1e-12, atol=1e-12)


def reversed_in_memory(a):
    return np.asarray(a.T, order="C").T if a.ndim else a


def every_other(a):
    wide = np.full((*a.shape[:-1], 2 * a.shape[-1]), np.nan) if a.ndim else a
    return a if not a.ndim else put(wide[..., ::2], a)


def backwards(a):
    return put(np.empty_like(a)[..., ::-1], a) if a.ndim else a


def put(view, a):
    view[...] = a
    return view


@each([e for e in EXAMPLES if e.row.empty and e.leading])
def test_empty_leading_axis(example):
    """A batch of no rows is a batch: empty results, and zero gradients for the parameters."""
    no_rows = Example(
        example.name, example.number, example.row, example.sizes, (0, *example.leading[1:])
    )
    op, arrays, settings, y_shape, dy = draw(no_rows)
    y, backward = op.pair(*arrays, **settings)
    assert y.shape == y_shape
    assert y.size == 0
    for x, dx in zip(arrays, backward(dy), strict=True):
        if x is not None:
            assert dx.shape == x.shape
            assert not dx.any()


@each([e for e in EXAMPLES if len(e.draw(OPS[e.name])[0]) > 1])
def test_refuses_to_mix_types(example):
    op, arrays, settings, *_ = draw(example)
    arrays[1] = arrays[1].astype(np.float32)
    with pytest.raises(TypeError, match=rf"{example.name}: .* is float64, but .* is float32"):
        op(*arrays, **settings)


@pytest.mark.parametrize("number", [0.5, 2, np.float64(0.5), np.int64(2), np.float32(0.5)])
@pytest.mark.parametrize("name", ["add", "divide", "maximum", "multiply", "subtract"])
def test_a_number_takes_the_type_of_the_tensor(name, number):
    for dtype in (np.float32, np.float64):
        x = Tensor(np.full((2, 3), 1.5, dtype), requires_grad=True)
        for y in (OPS[name](x, number), OPS[name](number, x)):
            assert y.dtype == dtype
            y.backward(np.ones((2, 3)))
            assert x.grad.dtype == dtype


REMEMBER_NOTHING = [
    "add", "subtract", "negative", "sum", "mean", "reshape", "transpose", "concatenate",
]  # fmt: skip


@each([e for e in EXAMPLES if e.name in REMEMBER_NOTHING])
def test_what_needs_no_array_for_its_backward_remembers_none(example):
    """A closure that names an array keeps it alive; these need shapes alone."""
    op, arrays, settings, *_ = draw(example)
    _, backward = op.pair(*arrays, **settings)
    cells = [cell.cell_contents for cell in backward.__closure__ or ()]
    assert not [c for c in cells if isinstance(c, np.ndarray) and c.dtype == np.float64]


def test_cross_entropy_remembers_probabilities_and_not_logits():
    """The largest array of a language model, once instead of twice."""
    logits = np.random.default_rng(0).standard_normal((5, 7))
    _, backward = ops.cross_entropy.pair(logits, targets=np.arange(5))
    remembered = [cell.cell_contents for cell in backward.__closure__]
    assert not any(np.shares_memory(a, logits) for a in remembered if isinstance(a, np.ndarray))
