"""Remembered bytes: exact numbers for each op, and what tracemalloc sees is the same."""

import gc
import re
import tracemalloc

import numpy as np
import pytest

from tinyffn import Tensor, nn, ops
from tinyffn.studies.memory import remembered_bytes

N, D = 50, 24
ROWS = (N, D)
RNG = np.random.default_rng(0)

# How many arrays of the size of y, float32, each op keeps.
ARRAYS = {
    "relu": 1,  # y itself
    "leaky_relu": 1,
    "squared_relu": 1,  # y's root
    "gelu": 1,  # the slopes, as all that follow
    "gelu_tanh": 1,
    "silu": 1,
    "tanh": 1,
    "sigmoid": 1,
    "glu": 2,
    "reglu": 2,
    "geglu": 2,
    "swiglu": 2,
}
MODULES = {"PReLU": (nn.PReLU(D), 1), "Swish": (nn.Swish(D), 2), "AconC": (nn.AconC(D), 3),
           "Pade": (nn.Pade(), 3)}  # fmt: skip
GATES = {"glu", "reglu", "geglu", "swiglu"}


def inputs_of(name):
    return [ROWS, ROWS] if name in GATES else [ROWS]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", ARRAYS)
def test_each_op_keeps_so_many_arrays(name, dtype):
    size = N * D * np.dtype(dtype).itemsize
    kept = remembered_bytes(getattr(ops, name), *inputs_of(name), dtype=dtype)
    assert kept == ARRAYS[name] * size


@pytest.mark.parametrize("name", MODULES)
def test_what_learns_keeps_more_and_its_parameters_do_not_count(name):
    module, arrays = MODULES[name]
    assert remembered_bytes(module, ROWS) == arrays * N * D * 4
    assert remembered_bytes(module, (1, D)) == arrays * D * 4


def test_maxout_keeps_a_byte_for_each_result():
    assert remembered_bytes(ops.maxout, (N, 3, D)) == N * D


def test_a_whole_layer():
    """Each linear map keeps its input. After ReLU that is what ReLU keeps; after GELU it is not."""
    d, d_ff, gated = 12, 48, 32
    layers = {
        nn.FeedForward(d, d_ff, rng=RNG, activation=ops.relu): d + d_ff,
        nn.FeedForward(d, d_ff, rng=RNG, activation=ops.leaky_relu): d + d_ff,
        nn.FeedForward(d, d_ff, rng=RNG, activation=ops.squared_relu): d + 2 * d_ff,
        nn.FeedForward(d, d_ff, rng=RNG, activation=ops.gelu): d + 2 * d_ff,
        nn.FeedForward(d, d_ff, rng=RNG, activation=nn.PReLU(d_ff)): d + 2 * d_ff,
        nn.GatedFeedForward(d, gated, rng=RNG): d + 3 * gated,
    }
    for layer, floats in layers.items():
        assert remembered_bytes(layer, (7, d)) == 7 * floats * 4
    # As many weights, as many multiplications, twice ReLU's memory between the maps.
    assert 3 * gated == 2 * d_ff


def test_parameters_behind_a_function_are_left_out_if_they_are_named():
    layer = nn.Linear(6, 4, rng=RNG)
    alone = remembered_bytes(layer, (1, 6))
    inside = remembered_bytes(lambda x: layer(x), (1, 6), parameters=layer.parameters())
    assert inside == alone == 6 * 4 < remembered_bytes(lambda x: layer(x), (1, 6))


def test_an_array_counts_once_however_many_keep_it():
    assert remembered_bytes(lambda x: x * x * x, ROWS) == 2 * N * D * 4  # x and x * x


@pytest.mark.parametrize("name", [*ARRAYS, *MODULES])
def test_it_is_what_stays_alive(name):
    """Drop inputs and result: what is left are the nodes, and what they keep."""
    f = MODULES[name][0] if name in MODULES else getattr(ops, name)
    shapes = [(300, D)] * len(inputs_of(name))
    f(*[Tensor(np.ones(s, np.float32), requires_grad=True) for s in shapes])  # caches of NumPy
    gc.collect()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        node = f(*[Tensor(np.ones(s, np.float32), requires_grad=True) for s in shapes]).node
        gc.collect()
        alive = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert node.op
    expected = remembered_bytes(f, *shapes)
    assert expected <= alive < expected + 6000, "6000 bytes are less than a quarter of an array"


MISTAKES = [
    (lambda: remembered_bytes(3, ROWS), TypeError, "remembered_bytes: f is 3, but must be a func"),
    (lambda: remembered_bytes(lambda x: x.data, ROWS), TypeError,
     "remembered_bytes: f returned ndarray, but must return a Tensor"),
    (lambda: remembered_bytes(lambda x: Tensor([1.0]), ROWS), RuntimeError,
     "remembered_bytes: what f returned does not depend on its inputs"),
    (lambda: remembered_bytes(ops.swiglu, (2, 3), (2, 4)), ValueError, "swiglu: gate (2, 3) and"),
]  # fmt: skip


@pytest.mark.parametrize("mistake, error, message", MISTAKES, ids=[m[2] for m in MISTAKES])
def test_message(mistake, error, message):
    with pytest.raises(error, match=re.escape(message)):
        mistake()
