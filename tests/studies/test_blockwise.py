"""Block by block the answers are the same, and what lies in the future is not even read."""

import numpy as np
import pytest

from tinyffn import Tensor, nn, no_grad, ops
from tinyffn.studies.blockwise import (
    BlockwiseAttention,
    BlockwiseMixing,
    blockwise_attention,
    blockwise_mixing,
    computed_positions,
)

from .test_flops import Watched, watched


def arrays(dtype, *shapes):
    rng = np.random.default_rng(1)
    return [rng.standard_normal(shape).astype(dtype) for shape in shapes]


@pytest.mark.parametrize("dtype, tolerance", [(np.float32, 1e-5), (np.float64, 1e-12)])
@pytest.mark.parametrize("size", [1, 4, 5, 64])
@pytest.mark.parametrize("T, S", [(1, 1), (13, 13), (16, 16), (5, 14), (1, 9)])
def test_attention_is_the_same(T, S, size, dtype, tolerance):
    q, k, v = arrays(dtype, (2, 3, T, 4), (2, 3, S, 4), (2, 3, S, 6))
    y = blockwise_attention(q, k, v, size=size)
    assert y.dtype == dtype
    np.testing.assert_allclose(y, ops.attention.pair(q, k, v)[0], rtol=0, atol=tolerance)


def test_scores_that_grow_from_block_to_block_do_not_overflow():
    k = np.arange(12.0)[:, None] * 100.0  # each block of keys has larger scores than the last
    q, v = np.ones((12, 1)), np.arange(12.0)[:, None]
    np.testing.assert_allclose(blockwise_attention(q, k, v, size=3), v, atol=1e-12)
    np.testing.assert_allclose(blockwise_attention(q, -k, v, size=3), 0.0 * v, atol=1e-12)


@pytest.mark.parametrize("dtype, tolerance", [(np.float32, 1e-5), (np.float64, 1e-12)])
@pytest.mark.parametrize("size", [1, 4, 64])
def test_mixing_is_the_same(size, dtype, tolerance):
    x, m, b = arrays(dtype, (2, 3, 13, 4), (3, 13, 13), (3, 13))
    y = blockwise_mixing(x, m, b, size=size)
    assert y.dtype == dtype
    np.testing.assert_allclose(y, ops.mix_tokens.pair(x, m, b)[0], rtol=0, atol=tolerance)


@pytest.mark.parametrize("T, size", [(1, 4), (4, 4), (13, 4), (16, 4), (13, 1), (13, 64)])
def test_computed_positions_are_those_that_numpy_multiplied(T, size):
    q, k, v = watched((2, T, 3), (2, T, 3), (2, T, 5))
    blockwise_attention(q, k, v, size=size)
    assert Watched.done == 2 * 2 * T * computed_positions(T, size=size) * (3 + 5)
    x, m, b = watched((2, T, 3), (2, T, T), (2, T))
    blockwise_mixing(x, m, b, size=size)
    assert Watched.done == 2 * 2 * T * computed_positions(T, size=size) * 3
    assert computed_positions(T, size=1) == (T + 1) / 2


def test_whole_blocks_of_the_future_are_never_read():
    """Not even a NaN there does harm; the plain op, which multiplies it by 0, gives NaN."""
    q, k, v = arrays(np.float64, (1, 12, 4), (1, 12, 4), (1, 12, 4))
    k[:, 8:] = v[:, 8:] = np.nan
    assert np.isfinite(blockwise_attention(q, k, v, size=4)[:, :8]).all()
    x, m, b = arrays(np.float64, (1, 12, 4), (1, 12, 12), (1, 12))
    x[:, 8:] = np.nan
    assert np.isfinite(blockwise_mixing(x, m, b, size=4)[:, :8]).all()
    assert np.isnan(ops.mix_tokens.pair(x, m, b)[0]).all()


ATTENTION = {
    "plain": {},
    "groups": {"n_kv_heads": 2},
    "rotary and one group": {"rotary": True, "n_kv_heads": 1},
}
MIXING = {"plain": {}, "heads": {"n_heads": 2}, "toeplitz": {"toeplitz": True}}


@pytest.mark.parametrize("settings", ATTENTION.values(), ids=ATTENTION)
def test_a_layer_of_attention_is_the_same(settings):
    x = Tensor(arrays(np.float32, (2, 300, 8))[0])
    blockwise, plain = (
        layer(8, 4, rng=np.random.default_rng(2), **settings)
        for layer in (BlockwiseAttention, nn.MultiHeadAttention)
    )
    with no_grad():
        np.testing.assert_allclose(blockwise(x).data, plain(x).data, rtol=0, atol=1e-5)


@pytest.mark.parametrize("settings", MIXING.values(), ids=MIXING)
@pytest.mark.parametrize("length", [300, 280])
def test_a_layer_of_mixing_is_the_same(length, settings):
    x = Tensor(arrays(np.float32, (2, length, 8))[0])
    blockwise, plain = (
        layer(8, 300, rng=np.random.default_rng(2), **settings)
        for layer in (BlockwiseMixing, nn.TokenMixing)
    )
    with no_grad():
        np.testing.assert_allclose(blockwise(x).data, plain(x).data, rtol=0, atol=1e-5)


@pytest.mark.parametrize("layer, size", [(BlockwiseAttention, 2), (BlockwiseMixing, 5)])
def test_layers_refuse_what_they_do_not_do(layer, size):
    block = layer(8, size, rng=np.random.default_rng(2))
    x = Tensor(arrays(np.float32, (2, 5, 8))[0])
    with pytest.raises(RuntimeError, match=f"{layer.__name__} keeps no gradients: use it inside"):
        block(x)
    with no_grad(), pytest.raises(ValueError, match=f"{layer.__name__}: a cache was given, but"):
        block(x, block.new_cache(2, 5))


def test_attention_that_sees_the_future_is_refused():
    layer = BlockwiseAttention(8, 2, rng=np.random.default_rng(2), causal=False)
    with no_grad(), pytest.raises(ValueError, match="BlockwiseAttention: causal is False, but"):
        layer(Tensor(arrays(np.float32, (2, 5, 8))[0]))


@pytest.mark.parametrize("size", [0, 2.0])
def test_a_block_has_a_size(size):
    q, m, b = arrays(np.float64, (1, 3, 2), (1, 3, 3), (1, 3))
    with pytest.raises(ValueError, match="blockwise_attention: size is"):
        blockwise_attention(q, q, q, size=size)
    with pytest.raises(ValueError, match="blockwise_mixing: size is"):
        blockwise_mixing(q, m, b, size=size)
    with pytest.raises(ValueError, match="computed_positions: size is"):
        computed_positions(3, size=size)
