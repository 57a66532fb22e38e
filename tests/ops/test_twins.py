"""Each layer op again, composed from primitives: the clear twin of the fast one.

The twin's derivative comes from the engine, the layer op's was derived by hand. In float64 the two
agree to 1e-12, forward and backward, under a random upstream gradient.
"""

import math
from pathlib import Path

import numpy as np
import pytest

from tinyffn import Tensor, check_pair, op, ops
from tinyffn.gradcheck import as_pair

C = math.sqrt(2.0 / math.pi)


@op
def erf(x):
    """What no primitive can say, entry by entry from Python's own math module."""

    def backward(dy):
        return (dy * (2.0 / math.sqrt(math.pi)) * np.exp(-x * x),)

    return np.array([math.erf(v) for v in x.ravel()]).reshape(x.shape), backward


def linear(x, w, b):
    y = ops.matmul(x, w)
    return y if b is None else y + b


def relu(x):
    return ops.maximum(x, 0.0)


def gelu(x):
    return x * (1.0 + erf(x / math.sqrt(2.0))) / 2.0


def gelu_tanh(x):
    return x * (1.0 + ops.tanh(C * (x + 0.044715 * x**3))) / 2.0


def silu(x):
    return x * ops.sigmoid(x)


def leaky_relu(x, slope=0.01):
    return ops.where(x, slope * x, condition=x.data > 0)


def straight_through(x, values, clip=None):
    """A line, cut off at ±clip, plus a constant that moves it to the values."""
    line = x if clip is None else -ops.maximum(-ops.maximum(x, -clip), -clip)
    return line + Tensor(values - line.data)


def sign_ste(x, clip=None):
    return straight_through(x, np.where(x.data >= 0, 1.0, -1.0), clip)


def squared_relu(x):
    return relu(x) ** 2


def glu(gate, up):
    return ops.sigmoid(gate) * up


def reglu(gate, up):
    return relu(gate) * up


def geglu(gate, up):
    return gelu(gate) * up


def swiglu(gate, up):
    return silu(gate) * up


def prelu(x, slope):
    return ops.where(x, slope * x, condition=x.data > 0)


def swish(x, beta):
    return x * ops.sigmoid(beta * x)


def acon_c(x, p1, p2, beta):
    z = (p1 - p2) * x
    return z * ops.sigmoid(beta * z) + p2 * x


def pade(x, p, q):
    numerator = sum((p[j] * x**j for j in range(1, p.size)), p[0])
    a = sum(q[k - 1] * x**k for k in range(1, q.size + 1))
    return numerator / (1.0 + ops.maximum(a, -a))


def maxout(x):
    return ops.max(x, axis=-2)


def softmax(x):
    e = ops.exp(x)
    return e / ops.sum(e, axis=-1, keepdims=True)


def log_softmax(x):
    return x - ops.log(ops.sum(ops.exp(x), axis=-1, keepdims=True))


def layer_norm(x, gain, bias, eps=1e-5):
    centred = x - ops.mean(x, axis=-1, keepdims=True)
    variance = ops.mean(centred * centred, axis=-1, keepdims=True)
    return centred / ops.sqrt(variance + eps) * gain + bias


def rms_norm(x, gain, eps=1e-5):
    return x / ops.sqrt(ops.mean(x * x, axis=-1, keepdims=True) + eps) * gain


def attention(q, k, v, causal=True, mask=None):
    scores = ops.matmul(q, swap_last(k)) / math.sqrt(q.shape[-1])
    if mask is not None:
        scores = ops.where(scores, -math.inf, condition=mask)
    if causal:
        T, S = scores.shape[-2:]
        sees = np.arange(S) <= np.arange(T)[:, None] + S - T
        scores = ops.where(scores, -math.inf, condition=sees)
    return ops.matmul(softmax(scores), v)


def swap_last(x):
    axes = (*range(x.ndim - 2), x.ndim - 1, x.ndim - 2)
    return ops.transpose(x, axes=axes)


def rotary(x, positions, base=10000.0):
    half = x.shape[-1] // 2
    rates = np.array([base ** (-2 * c / x.shape[-1]) for c in range(half)])
    angles = np.outer(positions, rates)
    a, b, cos, sin = x[..., :half], x[..., half:], np.cos(angles), np.sin(angles)
    return ops.concatenate(a * cos - b * sin, a * sin + b * cos)


def mix_tokens(x, m, b=None):
    T, S = m.shape[1:]
    y = ops.matmul(m * np.tri(T, S, k=S - T), x)
    return y if b is None else y + b[:, :, None]


def toeplitz(taps, n_rows=None):
    S = taps.shape[1]
    distances = (np.arange(S)[:, None] - np.arange(S))[-(n_rows or S) :]
    return ops.where(taps[:, distances], 0.0, condition=distances >= 0)


def token_shift(x, now, before):
    zero = np.zeros((*x.shape[:-2], 1, x.shape[-1]))
    return now * x + before * ops.concatenate(zero, x[..., :-1, :], axis=-2)


def cross_entropy(logits, targets, weights=None, ignore_index=-100):
    log_p = ops.reshape(log_softmax(logits), shape=(-1, logits.shape[-1]))
    rows = np.flatnonzero(targets != ignore_index)
    w = np.ones(len(rows)) if weights is None else weights.ravel()[rows]
    return -ops.sum(w * log_p[rows, targets.ravel()[rows]]) / w.sum()


def mse(x, target):
    return ops.mean((x - target) ** 2)


def dropout(x, keep, rate):
    return ops.where(x, 0.0, condition=keep) / (1.0 - rate)


def embedding(table, ids):
    one_hot = np.eye(len(table.data))[ids]
    return ops.matmul(one_hot, table)


rng = np.random.default_rng(0)
SEEN = rng.random((2, 4, 6)) < 0.6
SEEN[..., 0] = True  # each query sees one key at least
IDS = np.array([[3, 0, 3], [4, 3, 1]])
SOME_IGNORED = np.array([[3, -100, 2], [-100, 3, 1]])
WEIGHTS = np.array([[0.5, 3.0, 0.0], [1.0, 2.0, 0.7]])
KEEP = rng.random((2, 3, 5)) < 0.6
VALUES = np.random.default_rng(3).standard_normal((2, 3, 5))
TWINS = [  # op, its twin, shapes of the arguments, settings
    ("linear", linear, [(2, 3, 5), (5, 4), (4,)], {}),
    ("linear", linear, [(2, 3, 5), (5, 4), None], {}),
    ("identity", lambda x: x + 0.0, [(2, 3, 5)], {}),
    ("relu", relu, [(2, 3, 5)], {}),
    ("gelu", gelu, [(2, 3, 5)], {}),
    ("gelu_tanh", gelu_tanh, [(2, 3, 5)], {}),
    ("silu", silu, [(2, 3, 5)], {}),
    ("leaky_relu", leaky_relu, [(2, 3, 5)], {}),
    ("leaky_relu", leaky_relu, [(2, 3, 5)], {"slope": 0.3}),
    ("squared_relu", squared_relu, [(2, 3, 5)], {}),
    ("glu", glu, [(2, 3, 5), (2, 3, 5)], {}),
    ("reglu", reglu, [(2, 3, 5), (2, 3, 5)], {}),
    ("geglu", geglu, [(2, 3, 5), (2, 3, 5)], {}),
    ("swiglu", swiglu, [(2, 3, 5), (2, 3, 5)], {}),
    ("prelu", prelu, [(2, 3, 5), (5,)], {}),
    ("swish", swish, [(2, 3, 5), (5,)], {}),
    ("acon_c", acon_c, [(2, 3, 5), (5,), (5,), (5,)], {}),
    ("pade", pade, [(2, 3, 5), (6,), (4,)], {}),
    ("pade", pade, [(2, 3, 5), (1,), (1,)], {}),
    ("maxout", maxout, [(2, 3, 5)], {}),
    ("sign_ste", sign_ste, [(2, 3, 5)], {}),
    ("sign_ste", sign_ste, [(2, 3, 5)], {"clip": 0.6}),
    ("straight_through", straight_through, [(2, 3, 5)], {"values": VALUES}),
    ("straight_through", straight_through, [(2, 3, 5)], {"values": VALUES, "clip": 0.6}),
    ("softmax", softmax, [(2, 3, 5)], {}),
    ("log_softmax", log_softmax, [(2, 3, 5)], {}),
    ("layer_norm", layer_norm, [(2, 3, 5), (5,), (5,)], {}),
    ("layer_norm", layer_norm, [(2, 3, 5), (5,), (5,)], {"eps": 0.3}),
    ("rms_norm", rms_norm, [(2, 3, 5), (5,)], {}),
    ("rms_norm", rms_norm, [(2, 3, 5), (5,)], {"eps": 0.3}),
    ("attention", attention, [(2, 4, 3), (2, 6, 3), (2, 6, 5)], {"causal": False}),
    ("attention", attention, [(2, 4, 3), (2, 6, 3), (2, 6, 5)], {"causal": True}),
    ("attention", attention, [(2, 4, 3), (2, 4, 3), (2, 4, 5)], {"causal": True}),
    ("attention", attention, [(1, 3), (6, 3), (6, 5)], {"causal": True}),
    ("attention", attention, [(2, 5, 3), (2, 6, 3), (2, 6, 5)], {"causal": True}),  # d_v = T
    ("attention", attention, [(2, 4, 3), (2, 6, 3), (2, 6, 5)], {"mask": SEEN}),
    ("attention", attention, [(2, 4, 3), (2, 6, 3), (2, 6, 5)], {"mask": SEEN, "causal": False}),
    ("attention", attention, [(5, 2, 4, 3), (5, 1, 6, 3), (5, 1, 6, 5)], {"mask": SEEN}),
    ("attention", attention, [(2, 4, 3), (1, 6, 3), (2, 6, 5)], {}),
    ("rotary", rotary, [(2, 3, 6)], {"positions": np.array([7, 0, 2])}),
    ("rotary", rotary, [(3, 2)], {"positions": np.array([0.5, -1.0, 9.0]), "base": 50.0}),
    ("mix_tokens", mix_tokens, [(5, 2, 4, 3), (2, 4, 4), (2, 4)], {}),
    ("mix_tokens", mix_tokens, [(5, 2, 6, 3), (2, 4, 6), None], {}),
    ("toeplitz", toeplitz, [(2, 5)], {}),
    ("toeplitz", toeplitz, [(3, 1)], {}),
    ("toeplitz", toeplitz, [(3, 6)], {"n_rows": 4}),
    ("toeplitz", toeplitz, [(3, 6)], {"n_rows": 1}),
    ("token_shift", token_shift, [(2, 4, 3), (3,), (3,)], {}),
    ("token_shift", token_shift, [(1, 3), (3,), (3,)], {}),
    ("cross_entropy", cross_entropy, [(2, 3, 5)], {"targets": IDS}),
    ("cross_entropy", cross_entropy, [(2, 3, 5)], {"targets": SOME_IGNORED}),
    ("cross_entropy", cross_entropy, [(2, 3, 5)], {"targets": SOME_IGNORED, "weights": WEIGHTS}),
    ("mse", mse, [(2, 3, 5), (2, 3, 5)], {}),
    ("dropout", dropout, [(2, 3, 5)], {"keep": KEEP, "rate": 0.4}),
    ("embedding", embedding, [(5, 4)], {"ids": IDS}),
]


@pytest.mark.parametrize(
    ("name", "twin", "shapes", "settings"),
    TWINS,
    ids=[f"{name}-{number}" for number, (name, *_) in enumerate(TWINS)],
)
def test_layer_op_equals_its_composed_twin(name, twin, shapes, settings):
    rng = np.random.default_rng(1)
    arrays = [None if s is None else rng.standard_normal(s) for s in shapes]
    y, backward = getattr(ops, name).pair(*arrays, **settings)
    y_twin, backward_twin = as_pair(twin)(*arrays, **settings)
    np.testing.assert_allclose(y, y_twin, rtol=0, atol=1e-12)

    dy = np.asarray(rng.standard_normal(y.shape))
    for gradient, of_twin in zip(backward(dy), backward_twin(dy), strict=True):
        assert (gradient is None) == (of_twin is None)
        if gradient is not None:
            np.testing.assert_allclose(gradient, of_twin, rtol=0, atol=1e-12)


# Layer ops that primitives cannot say, each with the test that stands in for a twin.
NO_TWIN = {}


@pytest.mark.parametrize("name", [n for n in ops.__all__ if "Forward " in getattr(ops, n).__doc__])
def test_has_a_twin(name):
    if name not in NO_TWIN and name not in {row[0] for row in TWINS}:
        pytest.fail(
            f"the layer op {name} has no composed twin in {Path(__file__).name}: write it from "
            "primitives and add a line to TWINS (CONTRIBUTING.md, step 5)"
        )


def test_the_erf_of_the_gelu_twin_is_right():
    check_pair(erf.pair, rng.standard_normal((2, 5)), rng=rng)


def test_twins_are_composed_of_tensors():
    x = Tensor(rng.standard_normal((2, 5)), requires_grad=True)
    assert softmax(x).node.op == "divide"
