"""The reference of exercise 9.1 against blocks of the library, and against what they really do."""

import numpy as np
import pytest

from tinyffn import Tensor, nn, ops
from tinyffn.studies.flops import count
from tinyffn.studies.ledger import MODELS


@pytest.fixture
def block_price(part):
    return part("9.1", "reference").block_price


def block_of(rng, d_model, d_ff, n_heads, n_kv_heads, gated, bias):
    layer = nn.GatedFeedForward if gated else nn.FeedForward
    return nn.TransformerBlock(
        d_model,
        nn.MultiHeadAttention(d_model, n_heads, n_kv_heads=n_kv_heads, rng=rng, bias=bias),
        layer(d_model, d_ff, rng=rng, bias=bias),
        rng=rng,
    )


@pytest.mark.parametrize("gated", [False, True])
@pytest.mark.parametrize("bias", [False, True])
@pytest.mark.parametrize("groups", [1, 2, 6])
def test_it_is_what_a_block_of_the_library_holds_and_does(block_price, gated, bias, groups, seeds):
    for seed in seeds:
        rng = np.random.default_rng(seed)
        n_heads, d_head, d_ff = 6, int(rng.integers(1, 5)), int(rng.integers(1, 40))
        d_model = n_heads * d_head
        block = block_of(rng, d_model, d_ff, n_heads, n_heads // groups, gated, bias)
        sizes = (d_model, d_ff, n_heads, n_heads // groups, d_head, gated, bias)
        parameters, flops = block_price(*sizes, 0, 1)
        norms = block.norm_attention.n_parameters() + block.norm_feed_forward.n_parameters()
        assert parameters == block.n_parameters() - norms
        x = Tensor(rng.normal(size=(1, 1, d_model)).astype(np.float32))
        assert flops == sum(count(block(x)).values())


def test_heads_of_any_width_and_a_cache_by_the_products_that_are_made(block_price, seeds):
    """The maps as plain layers; each new token attends on its own, to what it may see."""
    for seed in seeds:
        rng = np.random.default_rng(seed)
        d_model, d_ff, d_head, n_kv_heads, group = (int(n) for n in rng.integers(1, 6, size=5))
        n_cached, n_new = int(rng.integers(0, 5)), int(rng.integers(1, 5))
        n_heads = group * n_kv_heads

        def linear(n, d_in, d_out, rng=rng):
            return ops.linear(rng.normal(size=(n, d_in)), leaf(rng, (d_in, d_out)))

        widths = [n_heads * d_head, n_kv_heads * d_head, n_kv_heads * d_head, d_ff, d_ff]
        made = [linear(n_new, d_model, width) for width in widths]
        made += [linear(n_new, n_heads * d_head, d_model), linear(n_new, d_ff, d_model)]
        for n_seen in range(n_cached + 1, n_cached + n_new + 1):
            q = leaf(rng, (n_kv_heads, group, 1, d_head))
            k, v = (leaf(rng, (n_kv_heads, 1, n_seen, d_head)) for _ in range(2))
            made.append(ops.attention(q, k, v))
        found = sum(sum(count(y).values()) for y in made)
        sizes = (d_model, d_ff, n_heads, n_kv_heads, d_head, True)
        assert block_price(*sizes, False, n_cached, n_new)[1] == found
        assert block_price(*sizes, True, n_cached, n_new)[1] == found  # biases are no products


def leaf(rng, shape):
    return Tensor(rng.normal(size=shape), requires_grad=True)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_it_agrees_with_the_ledger_where_it_has_one_kind_of_bias(block_price, model):
    s = model.sizes
    sizes = (s.d_model, s.d_ff, s.n_heads, s.n_kv_heads, s.d_head, s.gated)
    if model.attention_bias == model.ffn_bias:
        parameters, _ = block_price(*sizes, model.ffn_bias, 0, 1)
        assert parameters == model.attention_parameters + model.ffn_parameters
    assert block_price(*sizes, False, 0, 700)[1] == sum(s.flops(700, causal=True).values())


def test_reading_in_parts_costs_as_much_as_reading_at_once(block_price):
    sizes = (12, 20, 6, 2, 5, True, False)
    parts = [
        block_price(*sizes, 0, 7)[1],
        block_price(*sizes, 7, 1)[1],
        block_price(*sizes, 8, 4)[1],
    ]
    assert sum(parts) == block_price(*sizes, 0, 12)[1]
