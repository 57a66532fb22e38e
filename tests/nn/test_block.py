"""The transformer block: what its sublayers add to the stream, with the norm first and last."""

import numpy as np
import pytest

from tinyffn import Tensor, nn

RNG = np.random.default_rng(1)


def _block(**settings):
    """A block with random parameters everywhere, in float64."""
    attention = nn.MultiHeadAttention(6, 3, rng=RNG)
    block = nn.TransformerBlock(6, attention, nn.FeedForward(6, 9, rng=RNG), rng=RNG, **settings)
    for parameter in block.astype(np.float64).parameters():
        parameter.data[...] = RNG.standard_normal(parameter.shape)
    return block


X = Tensor(RNG.standard_normal((2, 5, 6)))


def test_pre_norm_adds_what_each_sublayer_makes_of_the_normalised_stream():
    block = _block()
    first, second = block.stream(X)
    added = block.attention(block.norm_attention(X)).data
    np.testing.assert_allclose(first.data - X.data, added, atol=1e-12)
    added = block.feed_forward(block.norm_feed_forward(first)).data
    np.testing.assert_allclose(second.data - first.data, added, atol=1e-12)


def test_post_norm_normalises_the_sum():
    block = _block(norm_first=False)
    first, second = block.stream(X)
    expected = block.norm_attention(X + block.attention(X))
    np.testing.assert_array_equal(first.data, expected.data)
    expected = block.norm_feed_forward(first + block.feed_forward(first))
    np.testing.assert_array_equal(second.data, expected.data)


@pytest.mark.parametrize("norm_first", [True, False])
def test_a_block_gives_the_end_of_its_stream(norm_first):
    block = _block(norm_first=norm_first)
    np.testing.assert_array_equal(block(X).data, block.stream(X)[-1].data)


@pytest.mark.parametrize("norm_first", [True, False])
def test_what_a_sublayer_gives_passes_through_dropout(norm_first):
    block, dropped = _block(norm_first=norm_first), []
    block.dropout = lambda y: dropped.append(y.data) or 0.0 * y
    first, second = block.stream(X)
    read = [block.norm_attention(X), block.norm_feed_forward(first)] if norm_first else [X, first]
    np.testing.assert_array_equal(dropped[0], block.attention(read[0]).data)
    np.testing.assert_array_equal(dropped[1], block.feed_forward(read[1]).data)
    if norm_first:
        np.testing.assert_array_equal(second.data, X.data)
    else:
        np.testing.assert_array_equal(first.data, block.norm_attention(X).data)


def test_without_attention_no_position_sees_another():
    feed_forward = nn.FeedForward(6, 9, rng=RNG)
    block = nn.TransformerBlock(6, None, feed_forward, rng=RNG)
    x = RNG.standard_normal((2, 5, 6)).astype(np.float32)
    changed = x.copy()
    changed[:, 2] += 1.0
    same = np.all(block(Tensor(x)).data == block(Tensor(changed)).data, axis=-1)
    assert same.tolist() == [[True, True, False, True, True]] * 2
    assert block.new_cache(2, 5) is None
    assert {name.split(".")[0] for name, _ in block.named_parameters()} == {
        "norm_feed_forward", "feed_forward",
    }  # fmt: skip


def test_without_feed_forward_only_attention_has_parameters():
    block = nn.TransformerBlock(6, nn.MultiHeadAttention(6, 3, rng=RNG), None, rng=RNG)
    assert len(block.stream(Tensor(X.data.astype(np.float32)))) == 1
    assert {name.split(".")[0] for name, _ in block.named_parameters()} == {
        "norm_attention", "attention",
    }  # fmt: skip
