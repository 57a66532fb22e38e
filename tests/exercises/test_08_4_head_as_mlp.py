"""The reference of exercise 8.4 against the library's attention, and against a head with loops."""

import math

import numpy as np
import pytest

from tinyffn import ops


@pytest.fixture
def head_as_mlp(part):
    return part("8.4", "reference").head_as_mlp


def run(weights, x):
    w_up, b_up, w_down = weights
    return ops.softmax.pair(x @ w_up + b_up)[0] @ w_down


def draw(rng, dtype="float64"):
    """x, w_query, b_query, keys and values."""
    shapes = [(7, 5), (5, 3), (3,), (6, 3), (6, 4)]
    return [rng.normal(size=shape).astype(dtype) for shape in shapes]


def test_without_penalty_and_mask_it_is_the_library_s_attention(head_as_mlp, seeds):
    for seed in seeds:
        x, w_query, b_query, keys, values = draw(np.random.default_rng(seed))
        y, _ = ops.attention.pair(x @ w_query + b_query, keys, values, causal=False)
        mlp = head_as_mlp(w_query, b_query, keys, values, 0.0, np.zeros(6, dtype=bool))
        np.testing.assert_allclose(run(mlp, x), y, atol=1e-12)


def test_it_is_the_head_key_by_key_wherever_the_query_stands(head_as_mlp, seeds):
    for seed in seeds:
        rng = np.random.default_rng(seed)
        x, w_query, b_query, keys, values = draw(rng)
        slope, hidden = rng.uniform(0, 2), rng.uniform(size=6) < 0.5
        hidden[rng.integers(6)] = False
        keys[hidden], values[hidden] = np.nan, np.nan
        y = run(head_as_mlp(w_query, b_query, keys, values, slope, hidden), x)
        for n, t in enumerate(range(5, 12)):  # each x at a position of its own
            top, bottom = np.zeros(4), 0.0
            for j in np.flatnonzero(~hidden):
                score = (x[n] @ w_query + b_query) @ keys[j] / math.sqrt(3) - slope * (t - j)
                top += math.exp(score) * values[j]
                bottom += math.exp(score)
            np.testing.assert_allclose(y[n], top / bottom, atol=1e-12)


def test_float32_stays(head_as_mlp):
    rng = np.random.default_rng(0)
    x, *arrays = draw(rng, "float32")
    mlp = head_as_mlp(*arrays, np.array(0.7), np.arange(6) == 2)
    assert {array.dtype for array in (*mlp, run(mlp, x))} == {np.dtype("float32")}
