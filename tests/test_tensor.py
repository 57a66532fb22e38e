"""Tensors and ops, and the traps that well-known engines have fallen into, one test each."""

import copy
import gc
import pickle
import weakref

import numpy as np
import pytest

from tinyffn import Tensor, check_pair, graph, no_grad, op, ops
from tinyffn.tensor import unbroadcast


def leaf(*shape, dtype=np.float64, seed=0):
    x = np.random.default_rng(seed).standard_normal(shape).astype(dtype)
    return Tensor(x, requires_grad=True)


def upstream(y, seed=1):
    return np.random.default_rng(seed).standard_normal(y.shape).astype(y.dtype)


# --- What a tensor is -----------------------------------------------------------------------------


def test_tensor_holds_the_array_it_was_given():
    x = np.ones((2, 3), np.float32)
    t = Tensor(x)
    assert t.data is x
    assert (t.shape, t.ndim, t.size, t.dtype) == ((2, 3), 2, 6, np.float32)
    assert not t.requires_grad
    assert t.grad is None


@pytest.mark.parametrize("data", [3, 2.5, True, [1, 2], [[1.0], [2.0]], (0.5,)])
def test_numbers_and_lists_become_float32(data):
    assert Tensor(data).dtype == np.float32
    np.testing.assert_array_equal(Tensor(data).data, np.array(data, np.float32))


def test_numpy_scalars_keep_their_type():
    assert Tensor(np.float64(2.5)).dtype == np.float64
    assert Tensor(np.float32(2.5)).dtype == np.float32


def test_item_is_a_python_float():
    assert type(Tensor([[2.5]]).item()) is float


def test_repr_says_values_type_shape_and_origin():
    x = Tensor([1.0, 2.0], requires_grad=True)
    assert repr(x) == "Tensor([1. 2.], float32 (2,), made by the user)"
    assert repr(x * 2.0) == "Tensor([2. 4.], float32 (2,), made by multiply)"
    assert repr(Tensor([1.0])) == "Tensor([1.], float32 (1,))"


def test_a_tensor_can_be_iterated_copied_and_pickled():
    x = leaf(2, 3)
    assert [row.shape for row in x] == [(3,), (3,)]
    for twin in (copy.deepcopy(x), pickle.loads(pickle.dumps(x))):
        np.testing.assert_array_equal(twin.data, x.data)
        assert twin.requires_grad
        assert twin.node is not x.node


def test_pythons_operators_are_ops():
    a, b = leaf(2, 3), leaf(2, 3, seed=1)
    x, y = a.data, b.data
    for tensor, array in [
        (a + b, x + y), (a - b, x - y), (a * b, x * y), (a / b, x / y), (-a, -x),
        (a + 2, x + 2), (a - 2, x - 2), (a * 2, x * 2), (a / 2, x / 2), (a**2, x**2),
        (2 + a, 2 + x), (2 - a, 2 - x), (2 * a, 2 * x), (2 / a, 2 / x), (a[1, :2], x[1, :2]),
        (a @ y.T, x @ y.T), (x.T @ b, x.T @ y),
    ]:  # fmt: skip
        assert tensor.requires_grad
        np.testing.assert_array_equal(tensor.data, array)


def test_the_bare_pair_stays_at_hand():
    y, backward = ops.multiply.pair(np.array([2.0]), np.array([5.0]))
    assert y == 10.0
    assert backward(np.array([1.0])) == (5.0, 2.0)
    assert ops.multiply.__doc__ == ops.multiply.pair.__doc__


def test_gradients_add_up_over_calls_until_they_are_cleared():
    x = leaf(3)
    for _ in range(2):
        ops.sum(x * 2.0).backward()
    np.testing.assert_array_equal(x.grad, [4.0, 4.0, 4.0])
    x.grad = None
    assert x.grad is None


def test_only_what_requires_a_gradient_gets_one():
    x, constant = leaf(3), Tensor(np.ones(3))
    ops.sum(x * constant).backward()
    assert constant.grad is None
    assert not (constant * 2.0).requires_grad


def test_an_argument_may_be_none_where_the_op_allows_it():
    x, w = leaf(2, 3), leaf(3, 4)
    ops.sum(ops.linear(x, w, None)).backward()
    assert x.grad.shape == (2, 3)


@pytest.mark.parametrize(
    ("shape", "full"), [((3,), (2, 3)), ((2, 1), (2, 3)), ((), (2, 3)), ((1, 3), (5, 2, 3))]
)
def test_unbroadcast_sums_over_every_copy(shape, full):
    x = np.random.default_rng(0).standard_normal(shape)
    dy = np.random.default_rng(1).standard_normal(full)
    dx = unbroadcast(dy, shape)
    assert dx.shape == shape
    assert np.vdot(dx, x) == pytest.approx(np.vdot(dy, np.broadcast_to(x, full)), rel=1e-13)


# --- The traps ------------------------------------------------------------------------------------


def test_trap_x_times_x_has_its_whole_gradient():
    x = leaf(3)
    y = x * x
    dy = upstream(y)
    y.backward(dy)
    np.testing.assert_allclose(x.grad, 2.0 * x.data * dy, rtol=1e-15)


def test_trap_sixty_doublings_are_instant():
    x = Tensor(1.0, requires_grad=True)
    y = x
    for _ in range(60):
        y = y + y  # a walk along every path would take 2^60 steps
    y.backward()
    assert x.grad == 2.0**60


def test_trap_a_chain_of_50_000_needs_no_recursion():
    x = Tensor(np.ones(2), requires_grad=True)
    y = x
    for _ in range(50_000):
        y = y + 1.0
    ops.sum(y).backward()
    np.testing.assert_array_equal(x.grad, [1.0, 1.0])


def test_trap_a_chain_of_50_000_can_be_looked_at_and_dropped():
    y = Tensor(np.ones(2), requires_grad=True)
    for _ in range(50_000):
        y = y + 1.0
    assert len(graph(y)) == 50_001
    del y


def test_trap_a_repeated_index_adds_its_gradients():
    x = leaf(4)
    y = x[[1, 1, 1, 3]]
    y.backward(np.array([1.0, 10.0, 100.0, 1000.0]))
    np.testing.assert_array_equal(x.grad, [0.0, 111.0, 0.0, 1000.0])


def test_trap_slices_have_gradients():
    x = leaf(4, 5)
    y = x[1:3, ::2]
    dy = upstream(y)
    y.backward(dy)
    expected = np.zeros((4, 5))
    expected[1:3, ::2] = dy
    np.testing.assert_array_equal(x.grad, expected)


@pytest.mark.parametrize("axis", [0, 1])
def test_trap_sum_along_an_axis_of_a_square(axis):
    """On square input the gradient of the wrong axis has the right shape, transposed."""
    x = leaf(3, 3)
    ops.sum(x, axis=axis).backward(np.array([1.0, 2.0, 3.0]))
    expected = np.broadcast_to(np.expand_dims([1.0, 2.0, 3.0], axis), (3, 3))
    np.testing.assert_array_equal(x.grad, expected)


def test_trap_a_layer_norm_with_zero_dx_is_caught():
    """Summed outputs have no gradient with regard to x; a random upstream one does."""

    def broken(x, gain, bias):
        y, backward = ops.layer_norm.pair(x, gain, bias)
        return y, lambda dy: (np.zeros_like(x), *backward(dy)[1:])

    rng = np.random.default_rng(0)
    arrays = rng.standard_normal((2, 5)), np.ones(5), np.zeros(5)
    _, backward = ops.layer_norm.pair(*arrays)
    np.testing.assert_allclose(backward(np.ones((2, 5)))[0], np.zeros((2, 5)), atol=1e-12)
    with pytest.raises(AssertionError, match="argument 0"):
        check_pair(broken, *arrays, rng=rng)


def test_trap_a_misspelt_attribute_raises():
    x = leaf(3)
    with pytest.raises(AttributeError, match=r"a Tensor has no \.gard"):
        _ = x.gard
    with pytest.raises(AttributeError):
        x.gard = None
    with pytest.raises(AttributeError, match="ops are functions"):
        x.sum()


@pytest.mark.parametrize("number", [2.0, 2, np.float64(2.0), np.int64(2)])
def test_trap_float32_is_not_promoted(number):
    x = leaf(3, dtype=np.float32)
    for y in (x * number, number * x, x + number, number / x, x - number, x**number):
        assert y.dtype == np.float32
        y.backward(upstream(y).astype(np.float64))
        assert x.grad.dtype == np.float32


def test_trap_an_array_and_a_tensor_make_a_tensor():
    x = leaf(3)
    array = np.array([1.0, 2.0, 3.0])
    for y in (array + x, array - x, array * x, array / x, np.float64(2.0) * x):
        assert isinstance(y, Tensor)
    for y in (np.ones((2, 3)) @ leaf(3, 4), np.ones((2, 3)) + leaf(3)):
        assert isinstance(y, Tensor)
    with pytest.raises(TypeError, match="Tensor"):
        array += x  # an array cannot hold a Tensor


def test_trap_numpy_functions_refuse_a_tensor():
    x = leaf(3)
    with pytest.raises(TypeError):
        np.exp(x)
    with pytest.raises(TypeError, match=r"pass its \.data"):
        np.asarray(x)
    with pytest.raises(TypeError, match=r"pass its \.data"):
        np.concatenate([x, x])


def test_a_gradient_that_is_set_is_copied_and_backward_adds_to_the_copy():
    x = leaf(3)
    given = np.ones(3)
    x.grad = given
    ops.sum(x * 2.0).backward()
    np.testing.assert_array_equal(x.grad, [3.0, 3.0, 3.0])
    np.testing.assert_array_equal(given, [1.0, 1.0, 1.0])


def test_trap_an_addition_in_place_corrupts_no_borrowed_gradient():
    """add hands one and the same dy to both of its inputs; one of them then gets more."""
    a, b = leaf(3), leaf(3, seed=1)
    dy = np.array([1.0, 2.0, 3.0])
    y = a + b
    z = y + a * 10.0 + a * 100.0
    z.backward(dy)
    np.testing.assert_array_equal(b.grad, [1.0, 2.0, 3.0])
    np.testing.assert_array_equal(a.grad, [111.0, 222.0, 333.0])
    np.testing.assert_array_equal(dy, [1.0, 2.0, 3.0])
    a.grad += 5.0
    np.testing.assert_array_equal(b.grad, [1.0, 2.0, 3.0])


def test_trap_a_second_backward_raises():
    loss = ops.sum(leaf(3) ** 2)
    loss.backward()
    with pytest.raises(RuntimeError, match="this graph was already walked; add the losses first"):
        loss.backward()


def test_trap_a_part_that_was_walked_before_raises():
    x = leaf(3)
    shared = x * 2.0
    ops.sum(shared).backward()
    before = x.grad.copy()
    with pytest.raises(RuntimeError, match="already walked"):
        ops.sum(shared * 3.0).backward()
    np.testing.assert_array_equal(x.grad, before)  # and nothing was added halfway


@pytest.mark.parametrize(
    "function",
    [
        lambda x: x + 0.0,  # backward returns dy itself
        lambda x: ops.reshape(x, shape=(3, 2)),  # a view of it
        lambda x: ops.transpose(x),
        lambda x: ops.sum(x),  # a read-only broadcast view
        lambda x: x + x,
        lambda x: x,  # a leaf by itself
    ],
)
def test_trap_the_gradient_of_a_leaf_is_a_writable_array_of_its_own(function):
    x, dy = leaf(2, 3), None
    y = function(x)
    dy = upstream(y)
    y.backward(dy)
    assert x.grad.flags.writeable
    assert x.grad.flags.c_contiguous
    assert not np.shares_memory(x.grad, dy)
    before = dy.copy()
    x.grad *= 0.0
    np.testing.assert_array_equal(dy, before)


def test_trap_no_reference_cycles():
    """With the cyclic collector off, all is freed the moment the last name goes."""
    gc.disable()
    try:
        x = leaf(3)
        inner = ops.gelu(x) * x
        loss = ops.sum(inner)
        watched = [weakref.ref(t) for t in (inner, loss)]
        watched += [weakref.ref(t.data) for t in (inner, loss)]
        del inner, loss  # never walked
        assert [ref() for ref in watched] == [None] * 4

        loss = ops.sum(ops.gelu(x) * x)
        loss.backward()
        watched = weakref.ref(loss)
        del loss
        assert watched() is None
    finally:
        gc.enable()


def test_trap_memory_is_freed_as_the_graph_is_walked():
    alive_at_the_end = []

    @op
    def first(x):
        def backward(dy):
            alive_at_the_end.append(remembered_by_second() is not None)
            return (dy,)

        return x.copy(), backward

    @op
    def second(x):
        nonlocal remembered_by_second
        large = np.ones(1000)
        remembered_by_second = weakref.ref(large)

        def backward(dy):
            return (dy * large[0],)

        return x.copy(), backward

    remembered_by_second = None
    y = second(first(leaf(3)))
    assert remembered_by_second() is not None
    y.backward(upstream(y))
    assert alive_at_the_end == [False]


def test_trap_the_grad_of_an_inner_tensor_raises_and_is_never_a_silent_none():
    x = leaf(3)
    inner = x * 2.0
    loss = ops.sum(inner * inner)
    loss.backward()
    with pytest.raises(RuntimeError, match=r"made by multiply\) is not kept: call \.keep_grad"):
        _ = inner.grad


def test_keep_grad_keeps_the_gradient_of_an_inner_tensor():
    x = leaf(3)
    inner = (x * 2.0).keep_grad()
    y = inner * inner
    dy = upstream(y)
    y.backward(dy)
    np.testing.assert_allclose(inner.grad, 2.0 * inner.data * dy)
    assert not np.shares_memory(inner.grad, dy)


def test_keep_grad_of_the_result_copies_dy():
    y = (leaf(3) * 2.0).keep_grad()
    dy = upstream(y)
    y.backward(dy)
    np.testing.assert_array_equal(y.grad, dy)
    assert not np.shares_memory(y.grad, dy)


# --- Messages -------------------------------------------------------------------------------------

X = leaf(2, 3, dtype=np.float32)


@op
def forgets_the_tuple(x):
    return x * 1.0, lambda dy: dy


@op
def forgets_an_argument(a, b):
    return a * b, lambda dy: (dy,)


@op
def gives_none(x):
    return x * 1.0, lambda dy: (None,)


@op
def gives_a_number(x):
    return x * 1.0, lambda dy: (1.0,)


@op
def gives_another_shape(x):
    return x * 1.0, lambda dy: (dy[0],)


@op
def gives_another_type(x):
    return x * 1.0, lambda dy: (dy.astype(np.float64),)


def walked(function, *args):
    y = function(*args)
    return lambda: y.backward(np.ones((2, 3), np.float32))


MESSAGES = [
    (lambda: Tensor(np.arange(3)), TypeError, r"Tensor: data is int64, but must be float32 or"),
    (lambda: Tensor(np.ones(3, np.float16)), TypeError, r"data is float16.*\.astype\(np\.float32"),
    (lambda: Tensor(np.ones(3, complex)), TypeError, r"data is complex128"),
    (lambda: Tensor(np.array([None])), TypeError, r"data is object"),
    (lambda: Tensor(None), TypeError, r"expected numbers or an array of numbers, not object"),
    (lambda: Tensor("3"), TypeError, r"expected numbers or an array of numbers, not <U1"),
    (lambda: Tensor([1.0, None]), TypeError, r"expected numbers or an array of numbers"),
    (lambda: Tensor([[1.0], [2.0, 3.0]]), TypeError, r"expected numbers .* inhomogeneous shape"),
    (lambda: Tensor([X, X]), TypeError, r"a Tensor is not an array: pass its \.data"),
    (lambda: Tensor(X), TypeError, r"a Tensor is not an array: pass its \.data"),
    (lambda: X + "3", TypeError, r"add: b is a str, but must be a Tensor, an array or a"),
    (lambda: X * [1.0, 2.0, 3.0], TypeError, r"multiply: b is a list"),
    (lambda: ops.concatenate([X, X]), TypeError, r"concatenate: argument 0 is a list"),
    (lambda: X * 1j, TypeError, r"multiply: b is a complex"),
    (lambda: X * np.complex64(1j), TypeError, r"multiply: b is a complex64"),
    (lambda: ops.exp(np.arange(3)), TypeError, r"exp: x is int64, but must be float32"),
    (lambda: ops.exp(np.ones(3, bool)), TypeError, r"exp: x is bool"),
    (lambda: ops.exp(np.ones(3, np.float16)), TypeError, r"exp: x is float16"),
    (lambda: ops.exp(np.array([None])), TypeError, r"exp: x is object"),
    (lambda: ops.exp(np.array(["3"])), TypeError, r"exp: x is <U1"),
    (lambda: X + np.arange(3), TypeError, r"add: a is float32, but b is int64: .*\.astype"),
    (lambda: ops.relu(None), TypeError, r"relu: x is None, but must be a Tensor, an array or a"),
    (lambda: ops.linear(X, None), TypeError, r"linear: w is None, but must be a Tensor"),
    (lambda: bool(X), TypeError, r"neither true nor false: compare its \.data or its \.item"),
    (lambda: X + np.ones(3), TypeError, r"add: a is float32, but b is float64"),
    (lambda: ops.layer_norm(X, gain=np.ones(3), bias=np.ones(3)), TypeError,
     r"layer_norm: give x, gain, bias by position, not by keyword"),
    (lambda: X + None, TypeError, r"add: b is None, but must be a Tensor, an array or a number"),
    (lambda: X + np.ones(4, np.float32), ValueError, r"in the op add, given a \(2, 3\), b \(4,\)"),
    (lambda: X[5], IndexError, r"in the op getitem, given x \(2, 3\)"),
    (lambda: X[X], TypeError, r"pass its \.data"),
    (lambda: X**X, TypeError, r"power: exponent is Tensor, but must be a number"),
    (lambda: X**None, TypeError, r"power: exponent is NoneType"),
    (lambda: X @ np.ones(3, np.float32), ValueError,
     r"matmul: a \(2, 3\) @ b \(3,\): both need two axes or more, and a's last axis must equal"),
    (lambda: X @ np.ones((2, 3), np.float32), ValueError, r"matmul: a \(2, 3\) @ b \(2, 3\)"),
    (lambda: setattr(Tensor([1.0]), "grad", np.ones(1)), RuntimeError, r"requires_grad=True"),
    (lambda: setattr(X, "grad", np.ones((3, 2), np.float32)), ValueError,
     r"grad: float32 \(3, 2\) must be float32 \(2, 3\), as the tensor"),
    (lambda: setattr(X, "grad", np.ones((2, 3))), ValueError, r"grad: float64 \(2, 3\) must be"),
    (lambda: setattr(X, "grad", 1.0), ValueError, r"grad: 1\.0 must be float32 \(2, 3\)"),
    (lambda: Tensor([1.0]).keep_grad(), RuntimeError, r"keep_grad: nothing here requires"),
    (lambda: Tensor([1.0]).backward(), RuntimeError, r"backward: nothing here requires a gradient"),
    (lambda: (X * 2.0).backward(), ValueError,
     r"backward: a tensor of shape \(2, 3\) is not a single number: reduce it to a loss, or pass"),
    (lambda: (X * 2.0).backward(np.ones(3)), ValueError,
     r"backward: dy \(3,\) must have the tensor's shape \(2, 3\)"),
    (lambda: (X * 2.0).backward("3"), TypeError, r"expected numbers or an array of numbers"),
    (lambda: (X * 2.0).backward(X), TypeError, r"pass its \.data"),
    (walked(forgets_the_tuple, X), TypeError,
     r"forgets_the_tuple: backward must return a tuple of 1 gradients.*returned ndarray"),
    (walked(forgets_an_argument, X, X), TypeError,
     r"forgets_an_argument: backward must return a tuple of 2 gradients.*returned 1"),
    (walked(gives_none, X), ValueError,
     r"gives_none: backward returned None as the gradient of argument 0, .* float32 \(2, 3\)"),
    (walked(gives_a_number, X), ValueError, r"gives_a_number: backward returned 1\.0 as the"),
    (walked(gives_another_shape, X), ValueError, r"backward returned float32 \(3,\)"),
    (walked(gives_another_type, X), ValueError, r"backward returned float64 \(2, 3\)"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "error", "message"), MESSAGES)
def test_error_says_what_must_hold_and_what_was_given(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_backward_in_no_grad_says_so():
    with no_grad():
        y = X * 2.0
    with pytest.raises(RuntimeError, match=r"or the forward ran in no_grad\(\)"):
        y.backward(np.ones((2, 3)))
