"""The reference of exercise 10.1 against attention that reads the last tokens again."""

import numpy as np
import pytest

from tinyffn import ops

ROOM = 4


@pytest.fixture
def attend(part):
    return part("10.1", "reference").attend


def empty(n_kv_heads, dtype="float64"):
    return np.full((2, ROOM, n_kv_heads, 3), np.nan, dtype), np.full(
        (2, ROOM, n_kv_heads, 5), np.nan, dtype
    )


@pytest.mark.parametrize("heads", [(1, 1), (3, 3), (4, 1), (6, 2)], ids=str)
def test_each_token_sees_the_last_ones_as_if_read_again(attend, heads, seeds):
    n_heads, n_kv_heads = heads
    for seed in seeds:
        rng = np.random.default_rng(seed)
        q = rng.normal(size=(11, 2, n_heads, 3))
        k, v = rng.normal(size=(11, 2, n_kv_heads, 3)), rng.normal(size=(11, 2, n_kv_heads, 5))
        keys, values = empty(n_kv_heads)
        for t in range(11):
            y, keys, values = attend(q[t], k[t], v[t], keys, values, t)
            last = slice(max(0, t + 1 - ROOM), t + 1)
            again = [
                np.repeat(x[last], n_heads // n_kv_heads, axis=2).transpose(1, 2, 0, 3)
                for x in (k, v)
            ]
            expected, _ = ops.attention.pair(q[t][:, :, None], *again, causal=False)
            np.testing.assert_allclose(y, expected[:, :, 0], atol=1e-12)
            for number in range(last.start, last.stop):
                assert np.array_equal(keys[:, number % ROOM], k[number])
                assert np.array_equal(values[:, number % ROOM], v[number])


def test_the_order_of_the_places_does_not_matter(attend):
    rng = np.random.default_rng(0)
    keys, values = rng.normal(size=(2, ROOM, 2, 3)), rng.normal(size=(2, ROOM, 2, 5))
    q, k, v = (rng.normal(size=(2, *shape)) for shape in [(6, 3), (2, 3), (2, 5)])
    y, _, _ = attend(q, k, v, keys, values, ROOM)  # writes place 0
    others = [0, 3, 1, 2]
    np.testing.assert_allclose(
        attend(q, k, v, keys[:, others], values[:, others], ROOM)[0], y, atol=1e-14
    )


def test_float32_stays_and_nothing_is_written_to(attend):
    rng = np.random.default_rng(0)
    arrays = [rng.normal(size=(2, *shape)).astype("float32") for shape in [(6, 3), (2, 3), (2, 5)]]
    arrays += empty(2, "float32")
    before = [a.copy() for a in arrays]
    results = attend(*arrays, 0)
    assert {a.dtype for a in results} == {np.dtype("float32")}
    assert all(np.array_equal(a, b, equal_nan=True) for a, b in zip(arrays, before, strict=True))
    assert not any(np.shares_memory(a, b) for a in results for b in arrays)
