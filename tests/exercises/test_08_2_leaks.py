"""The reference of exercise 8.2 against loops, and on layers of which it is known what they see."""

import numpy as np
import pytest

from tinyffn import ops
from tinyffn.gradcheck import as_pair, jacobians


@pytest.fixture
def leaks(part):
    return part("8.2", "reference").leaks


@pytest.mark.parametrize("S", [4, 6])
def test_it_is_what_loops_over_pairs_give(leaks, S, seeds):
    for seed in seeds:
        rng = np.random.default_rng(seed)
        jacobian = rng.normal(size=(4, 2, S, 3))
        jacobian *= rng.choice([1e-6, 1.0, 1e6], size=(4, 1, S, 1))
        jacobian[rng.integers(4), 1, rng.integers(S), 2] = np.nan
        want = np.zeros((4, S))
        for t in range(4):
            blocks = [jacobian[t, :, s] for s in range(S)]
            sizes = [max(abs(n) for n in block.flat if np.isfinite(n)) for block in blocks]
            for s in range(t + S - 4 + 1, S):
                share = sizes[s] / max(sizes)
                want[t, s] = share if share > 1e-3 else 0
                if not np.isfinite(blocks[s]).all():
                    want[t, s] = 1
        np.testing.assert_allclose(leaks(jacobian, 1e-3), want)


def masked_too_late(x):
    """Attention with x as query, key and value; weights of later positions are set to 0."""
    return (ops.softmax(x @ ops.transpose(x)) * np.tri(5)) @ x


def test_it_knows_a_causal_layer_from_those_that_are_not(leaks):
    x = np.random.default_rng(0).normal(size=(5, 3))
    later = np.triu(np.ones((5, 5), dtype=bool), k=1)
    for layer, seen in [
        (lambda x: ops.attention(x, x, x), np.zeros_like(later)),
        (lambda x: ops.attention(x, x, x, causal=False), later),
        (masked_too_late, later),
    ]:
        for jacobian in jacobians(as_pair(layer), x):
            assert np.array_equal(leaks(jacobian, 1e-6) > 0, seen)


def test_the_last_queries_after_a_cache_see_what_is_before_them(leaks):
    rng = np.random.default_rng(0)
    q, k, v = rng.normal(size=(2, 3)), rng.normal(size=(5, 3)), rng.normal(size=(5, 3))
    jacobian, _ = jacobians(ops.attention.pair, q, k, v, argument=2)
    assert jacobian.shape == (2, 3, 5, 3) and not leaks(jacobian, 1e-9).any()
    jacobian, _ = jacobians(ops.attention.pair, q, k, v, argument=2, causal=False)
    assert np.array_equal(leaks(jacobian, 1e-9) > 0, [[0, 0, 0, 0, 1], [0, 0, 0, 0, 0]])


def test_a_layer_of_nan_is_not_free_of_leaks(leaks):
    assert np.array_equal(leaks(np.full((2, 3, 2, 3), np.nan), 0.1), [[0, 1], [0, 0]])
