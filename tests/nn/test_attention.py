"""Multi-head attention: its formula, causality, groups, rotary positions, and the cache."""

import math

import numpy as np
import pytest

from tinyffn import Tensor, nn, no_grad, ops
from tinyffn.models import LanguageModel
from tinyffn.ops.attention import attention_weights

KINDS = {
    "plain": {},
    "groups": {"n_kv_heads": 2},
    "one group": {"n_kv_heads": 1},
    "rotary": {"rotary": True},
    "rotary and groups": {"rotary": True, "n_kv_heads": 2},
}
each_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
each_way = pytest.mark.parametrize("causal", [True, False])


def _rng(seed=1):
    return np.random.default_rng(seed)


def _random(module, dtype=np.float64):
    """The module with all parameters random: none at zero or one, where an error would hide."""
    rng = _rng(2)
    for p in module.astype(dtype).parameters():
        p.data[...] = 0.5 * rng.standard_normal(p.shape) + 0.1
    return module


def _layer(dtype=np.float64, d_model=8, n_heads=4, **settings):
    return _random(nn.MultiHeadAttention(d_model, n_heads, rng=_rng(), **settings), dtype)


def _turned(row, place):
    """One head's channels of one position, turned pair by pair: c with c + d_head / 2."""
    half = len(row) // 2
    turned = np.empty_like(row)
    for c in range(half):
        angle = place * 10000.0 ** (-c / half)
        turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
        turned[[c, c + half]] = turn @ row[[c, c + half]]
    return turned


@each_way
@each_kind
def test_it_equals_its_formula_head_by_head_and_query_by_query(kind, causal):
    layer = _layer(d_model=16, causal=causal, **kind)
    x, group = _rng(3).standard_normal((5, 16)), 4 // kind.get("n_kv_heads", 4)
    q, k, v = (x @ part.w.data + part.b.data for part in (layer.query, layer.key, layer.value))
    y = np.zeros((5, 16))
    for head in range(4):
        own, shared = (slice(4 * i, 4 * i + 4) for i in (head, head // group))
        for i in range(5):
            n, query, keys = i + 1 if causal else 5, q[i, own], k[:, shared]
            if "rotary" in kind:
                query = _turned(query, i)
                keys = np.array([_turned(key, j) for j, key in enumerate(keys)])
            weights = np.exp(keys[:n] @ query / math.sqrt(4.0))
            y[i, own] = weights @ v[:n, shared] / weights.sum()
            np.testing.assert_allclose(
                layer.weights(Tensor(x[None]))[0, head, i, :n], weights / weights.sum(), atol=1e-14
            )
    expected = y @ layer.output.w.data + layer.output.b.data
    np.testing.assert_allclose(layer(Tensor(x[None])).data[0], expected, rtol=0, atol=1e-13)


@each_way
@each_kind
def test_it_sees_the_past_bit_for_bit_and_the_future_only_if_allowed(kind, causal):
    layer = _layer(np.float32, causal=causal, **kind)
    x = _rng(3).standard_normal((2, 5, 8)).astype(np.float32)
    y = layer(Tensor(x)).data
    for t in range(5):
        changed = x.copy()
        changed[:, t] += 1.0
        moved = np.any(layer(Tensor(changed)).data != y, axis=(0, 2))
        assert np.array_equal(moved, (np.arange(5) >= t) if causal else np.ones(5, bool))


@each_way
@each_kind
def test_it_stops_the_gradient_of_the_future(kind, causal):
    layer = _layer(causal=causal, **kind)
    for t in range(5):
        x = Tensor(_rng(3).standard_normal((2, 5, 8)), requires_grad=True)
        dy = np.zeros((2, 5, 8))
        dy[:, t] = _rng(4).standard_normal((2, 8))
        layer(x).backward(dy)
        reached = np.any(x.grad != 0.0, axis=(0, 2))
        assert np.array_equal(reached, (np.arange(5) <= t) if causal else np.ones(5, bool))


def test_without_mask_or_positions_it_sees_a_set():
    layer = _layer(causal=False)
    x, order = _rng(3).standard_normal((2, 5, 8)), [3, 0, 4, 1, 2]
    y = layer(Tensor(x)).data
    np.testing.assert_allclose(layer(Tensor(x[:, order])).data, y[:, order], rtol=0, atol=1e-13)
    turning = _layer(causal=False, rotary=True)
    moved = turning(Tensor(x[:, order])).data - turning(Tensor(x)).data[:, order]
    assert np.abs(moved).max() > 1e-3


def test_a_group_for_each_head_is_no_group():
    x = Tensor(_rng(3).standard_normal((2, 5, 8)))
    assert np.array_equal(_layer(n_kv_heads=4)(x).data, _layer()(x).data)


def test_groups_equal_heads_whose_keys_and_values_are_copies():
    x, grouped, plain = Tensor(_rng(3).standard_normal((2, 5, 8))), _layer(n_kv_heads=2), _layer()
    columns = [0, 1, 0, 1, 2, 3, 2, 3]  # heads of two channels: the first for heads 0 and 1
    for part in ("key", "value"):
        ours, theirs = getattr(grouped, part), getattr(plain, part)
        theirs.w.data[...], theirs.b.data[...] = ours.w.data[:, columns], ours.b.data[columns]
    for part in ("query", "output"):
        getattr(plain, part).load_state_dict(getattr(grouped, part).state_dict())
    np.testing.assert_allclose(grouped(x).data, plain(x).data, rtol=0, atol=1e-14)
    assert grouped.key.w.shape == (8, 4)


@pytest.mark.parametrize("causal", [True, False])
def test_rotary_attention_knows_distances_and_no_places(causal):
    """Moved along together, queries and keys give the same weights."""
    q, k = _rng(5).standard_normal((2, 3, 6, 8))
    places = np.array([0, 1, 2, 5, 9, 11])

    def weights(start):
        turned = (ops.rotary(a, positions=places + start).data for a in (q, k))
        return attention_weights(*turned, causal=causal)

    for start in (1, 7, -20, 1000):
        np.testing.assert_allclose(weights(start), weights(0), rtol=0, atol=1e-12)


@pytest.mark.parametrize("dtype, tolerance", [(np.float32, 1e-5), (np.float64, 1e-10)])
@pytest.mark.parametrize("pieces", [[1] * 6, [3, 1, 2], [5, 1], [6]])
@each_kind
def test_logits_with_a_cache_equal_recomputed_ones(kind, pieces, dtype, tolerance):
    rng = _rng()
    blocks = [
        nn.TransformerBlock(
            8, nn.MultiHeadAttention(8, 4, rng=rng, **kind), nn.FeedForward(8, 10, rng=rng), rng=rng
        )
        for _ in range(2)
    ]
    model = _random(LanguageModel(7, 6, 8, blocks, rng=rng), dtype)
    ids, start = _rng(3).integers(0, 7, (3, 6)), 0
    with no_grad():
        whole, caches = model(ids).data, model.new_caches(3)
        for length in pieces:
            part = model(ids[:, start : start + length], caches).data
            error = np.abs(part - whole[:, start : start + length])
            assert np.max(error / np.maximum(1.0, np.abs(part))) <= tolerance
            start += length


def test_a_cache_holds_the_keys_of_the_groups_alone():
    cache = _layer(n_kv_heads=2).new_cache(3, 5)
    assert cache.keys.shape == cache.values.shape == (3, 2, 5, 2)


def test_weights_are_for_looking_and_record_nothing():
    x = Tensor(_rng(3).standard_normal((2, 5, 8)), requires_grad=True)
    p = _layer(n_kv_heads=2).weights(x)
    assert isinstance(p, np.ndarray) and p.shape == (2, 4, 5, 5)
    np.testing.assert_allclose(p.sum(axis=-1), 1.0, rtol=1e-14)
    assert np.array_equal(p, np.tril(p))


@pytest.mark.parametrize("by_text", [False, True])
@each_kind
def test_a_mask_says_alone_who_sees_whom(kind, by_text):
    layer = _layer(**kind)
    x = Tensor(_rng(3).standard_normal((2, 5, 8)))
    rng = _rng(4)
    mask = (rng.random((2, 5, 5) if by_text else (5, 5)) < 0.5) | np.eye(5, dtype=bool)
    weights = layer.weights(x, mask)
    for b in range(2):
        sees = mask[b] if by_text else mask
        assert np.array_equal(weights[b] > 0, np.broadcast_to(sees, weights[b].shape))
    causal = np.tri(5, dtype=bool)
    assert np.array_equal(layer(x, mask=causal).data, layer(x).data)
    everything = np.ones((5, 5), dtype=bool)
    free = _layer(causal=False, **kind)
    np.testing.assert_allclose(layer(x, mask=everything).data, free(x).data, rtol=0, atol=1e-14)


def test_a_mask_that_does_not_fit_is_named():
    layer, x = _layer(), Tensor(np.ones((2, 5, 8)))
    with pytest.raises(ValueError, match=r"mask \(4, 5\) must be \(T, S\) = \(5, 5\) or \(B, T, S"):
        layer(x, mask=np.ones((4, 5), dtype=bool))
    with pytest.raises(ValueError, match=r"mask \(5,\) must be"):
        layer(x, mask=np.ones(5, dtype=bool))
    with pytest.raises(TypeError, match="mask is list, but must be a boolean array"):
        layer(x, mask=[[True] * 5] * 5)
