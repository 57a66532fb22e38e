"""The walk, the switch that turns recording off, and the graph as plain data."""

import threading

import numpy as np
import pytest

from tinyffn import Tensor, graph, no_grad, op, ops
from tinyffn.graph import inputs_first, is_recording


def leaf(*shape, seed=0):
    return Tensor(np.random.default_rng(seed).standard_normal(shape), requires_grad=True)


# --- The walk -------------------------------------------------------------------------------------


def test_inputs_come_before_the_ops_that_use_them_and_each_once():
    x, w = leaf(2, 3), leaf(3, 3)
    h = ops.tanh(x @ w)
    order = inputs_first((h @ w + h).node)
    assert len(order) == len(set(order)) == 6
    for node in order:
        assert all(order.index(i) < order.index(node) for i in node.inputs if i is not None)


def test_each_backward_runs_once_however_often_its_result_is_used():
    calls = []

    @op
    def noted(x):
        def backward(dy):
            calls.append(dy.copy())
            return (dy,)

        return x.copy(), backward

    x = leaf(3)
    y = noted(x)
    z = y * 2.0 + y * y + y
    z.backward(np.array([1.0, 10.0, 100.0]))
    assert len(calls) == 1
    np.testing.assert_allclose(calls[0], (3.0 + 2.0 * x.data) * [1.0, 10.0, 100.0])


def test_a_walked_graph_lets_go_of_its_inputs():
    loss = ops.sum(ops.exp(leaf(3) * 2.0))
    assert len(inputs_first(loss.node)) == 4
    loss.backward()
    assert len(inputs_first(loss.node)) == 1


def test_two_losses_over_a_shared_part_are_added_first():
    x = leaf(3)
    shared = x * 2.0
    (ops.sum(shared * 3.0) + ops.sum(shared)).backward()
    np.testing.assert_allclose(x.grad, [8.0, 8.0, 8.0])


def test_gradients_of_single_numbers_stay_arrays():
    """The sum of two 0-d arrays would be a NumPy scalar, which += cannot change in place."""
    x = Tensor(np.array(3.0), requires_grad=True)
    y = x * x + x + x
    y.backward()
    assert isinstance(x.grad, np.ndarray)
    assert x.grad == 8.0
    kept = x.grad
    (x * 2.0).backward()
    assert kept == 10.0


def test_many_uses_of_one_tensor_sum_to_their_number():
    x = leaf(2, 3)
    y = x
    for _ in range(9):
        y = y + x
    dy = np.random.default_rng(1).standard_normal((2, 3))
    y.backward(dy)
    np.testing.assert_allclose(x.grad, 10.0 * dy, rtol=1e-14)


def test_a_tensor_without_a_gradient_has_no_node():
    x = leaf(3)
    assert (Tensor(np.ones(3)) * 2.0).node is None
    assert (x * 2.0).node.inputs == [x.node, None]


# --- no_grad --------------------------------------------------------------------------------------


def test_no_grad_computes_and_notes_nothing():
    x = leaf(3)
    with no_grad():
        assert not is_recording()
        y = x * 2.0
    assert is_recording()
    assert not y.requires_grad
    np.testing.assert_array_equal(y.data, x.data * 2.0)


def test_no_grad_nests():
    with no_grad():
        with no_grad():
            pass
        assert not is_recording()
    assert is_recording()


def test_no_grad_ends_with_an_exception():
    with pytest.raises(ZeroDivisionError), no_grad():
        _ = 1 / 0
    assert is_recording()


def test_no_grad_can_decorate_a_function():
    @no_grad()
    def evaluate(x):
        return x * 2.0

    x = leaf(3)
    assert not evaluate(x).requires_grad
    assert not evaluate(x).requires_grad
    assert is_recording()


def test_threads_do_not_see_each_others_no_grad():
    seen, entered, looked = [], threading.Event(), threading.Event()

    def evaluate():
        with no_grad():
            entered.set()
            looked.wait(timeout=10)

    def train():
        entered.wait(timeout=10)
        seen.append((leaf(3) * 2.0).requires_grad)
        looked.set()

    threads = [threading.Thread(target=target) for target in (evaluate, train)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [True]


# --- The graph as data ----------------------------------------------------------------------------


def test_graph_lists_ops_and_leaves_with_their_shapes():
    x, w = Tensor(np.ones((2, 3)), requires_grad=True), leaf(3, 4)
    nodes = graph(ops.tanh(x @ w), names={"w": w})
    by_name = {node.name: node for node in nodes}
    assert set(by_name) == {"input", "w", "matmul", "tanh"}
    assert by_name["w"].kind == "parameter"
    assert by_name["input"].kind == "input"
    assert by_name["matmul"].kind == "op"
    assert by_name["matmul"].shape == (2, 4)
    assert {nodes[i].name for i in by_name["matmul"].parents} == {"input", "w"}
    assert [nodes[i].name for i in by_name["tanh"].parents] == ["matmul"]


def test_graph_counts_what_waits_for_the_backward():
    x, w = leaf(2, 3), leaf(3, 4)
    y = ops.tanh(x @ w)  # matmul remembers x, and w which is counted as a parameter; tanh its y
    sizes = {n.name: n.remembered_bytes for n in graph(y, names={"w": w})}
    assert sizes == {"input": 0, "w": 0, "matmul": 2 * 3 * 8, "tanh": 2 * 4 * 8}


def test_graph_counts_a_shared_array_once_and_a_view_as_its_whole():
    x = leaf(4, 5)
    y = x * x + ops.exp(x[0])
    sizes = [node.remembered_bytes for node in graph(y)]
    assert sum(sizes) == (4 * 5 + 5) * 8  # x, for the product; exp's y. Of x[0] only a shape


def test_graph_looks_and_changes_nothing():
    x = leaf(3)
    loss = ops.sum(x * x)
    graph(loss)
    loss.backward()
    np.testing.assert_allclose(x.grad, 2.0 * x.data)


def test_graph_of_what_has_none_says_so():
    with pytest.raises(RuntimeError, match="graph: nothing here requires a gradient"):
        graph(Tensor([1.0]))


def test_a_backward_that_holds_itself_or_nothing_can_be_looked_at():
    @op
    def odd(x):
        def backward(dy):
            return (dy,) if dy.size else later or backward(dy)

        if x.size == 0:
            later = x
        return x + 1.0, backward

    y = odd(Tensor(np.ones(3), requires_grad=True))
    assert [node.remembered_bytes for node in graph(y)] == [0, 0]
