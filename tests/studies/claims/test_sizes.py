"""Arithmetic of sizes: against real layers, counted entries, and each other."""

import numpy as np
import pytest

from tinyffn import nn
from tinyffn.studies.claims import sizes
from tinyffn.studies.flops import Sizes
from tinyffn.studies.ledger import MODELS

NAMES = [each.name for each in MODELS]


def test_a_gated_layer_of_equal_weights_is_two_thirds_as_wide():
    rng = np.random.default_rng(0)
    plain = nn.FeedForward(24, 4 * 24, rng=rng, bias=False)
    d_ff = round(24 * sizes.equal_expansion(4))
    gated = nn.GatedFeedForward(24, d_ff, rng=rng, bias=False)
    assert gated.n_parameters() == plain.n_parameters()


@pytest.mark.parametrize("name", NAMES)
def test_shares_are_those_of_the_ledger_of_models(name):
    model = sizes.model(name)
    ffn, attention = model.ffn_parameters, model.attention_parameters
    assert sizes.ffn_share(name) == pytest.approx(ffn / (ffn + attention))
    assert sizes.ffn_to_attention(name) == pytest.approx(ffn / attention)
    assert sizes.ffn_share(name, of_all=True) < sizes.ffn_share(name)
    assert sizes.expansion(name) * model.sizes.d_model == model.sizes.d_ff
    assert sizes.parameters(name) == model.n_parameters


def test_attention_and_feed_forward_cost_alike_where_the_one_overtakes():
    n = int(sizes.attention_overtakes("Qwen3-8B"))
    assert sizes.ffn_flops_share("Qwen3-8B", n) == pytest.approx(0.5)
    assert sizes.ffn_flops_share("Qwen3-8B", n // 2) > 0.5
    assert sizes.attention_overtakes("Qwen3-8B", causal=True) == 2 * n


def test_bits_and_bytes():
    assert sizes.bits_per_weight(2, group=128) == 1.125
    assert sizes.bits_per_weight(3) == pytest.approx(np.log2(3))
    assert sizes.gigabytes(8e9, 16) == 16
    assert sizes.times_fewer_bits(16, 1.125) == pytest.approx(128 / 9)
    fewer = sizes.gigabytes(1e9, 16) / sizes.gigabytes(1e9, 1.125)
    assert fewer == pytest.approx(sizes.times_fewer_bits(16, 1.125))


def test_two_flops_for_each_active_parameter():
    assert sizes.active_parameters(1.8e9) == 0.9e9


def test_a_sharded_model_takes_sixteen_bytes_a_parameter_in_all():
    of_each = sizes.sharded_gigabytes(10**12, 1024)
    assert of_each * 1024 == pytest.approx(16_000)


def test_a_map_has_a_weight_for_each_pair():
    assert sizes.map_gigabytes(100) == pytest.approx(2e-9 * np.ones((100, 100)).sum())
    lower = np.tril(np.ones((100, 100))).sum()
    assert sizes.map_gigabytes(100, causal=True) == pytest.approx(2e-9 * lower)


def test_a_cache_holds_a_key_and_a_value_of_each_head_layer_and_token():
    sizes_of = sizes.model("Qwen3-8B").sizes
    numbers = 2 * 36 * 50 * sizes_of.n_kv_heads * sizes_of.d_head
    assert sizes.cache_gigabytes("Qwen3-8B", 50) == pytest.approx(2 * numbers / 1e9)


def test_two_to_the_sixteen_does_not_fit_into_sixteen_bits():
    with np.errstate(over="ignore"):
        assert np.isinf(np.float16(2.0**16)) and np.isfinite(np.float16(65_504))
    assert sizes.float16_over_largest(2**16) > 1 >= sizes.float16_over_largest(65_504)


@pytest.mark.parametrize("widths", [0.5, 1, 1.5, 4, 6])
def test_what_mixing_saves_is_counted_in_flops(widths):
    d = 64
    n = int(widths * d)
    flops = Sizes(d, 1, 4 * d).flops(n)
    attention = (flops["maps"] + flops["pairs"]) / n
    assert sizes.mixing_saved(widths) == pytest.approx(1 - 6 * n * d / attention)


def test_gmlp_needs_fewer_flops_up_to_three_widths():
    assert sizes.gmlp_to_transformer(3 * 64, 64) == 1
    assert sizes.gmlp_to_transformer(64, 64) < 1 < sizes.gmlp_to_transformer(4 * 64, 64)


MESSAGES = [
    (sizes.model, ("GPT-5",), "model: there is no 'GPT-5', only Transformer, base encoder; GPT-2"),
    (sizes.equal_expansion, (0,), "equal_expansion: expansion is 0"),
    (sizes.active_parameters, (-1,), "active_parameters: flops_per_token is -1"),
    (sizes.gigabytes, (1, 0), "gigabytes: bits is 0"),
    (sizes.bits_per_weight, (2.5,), "bits_per_weight: levels is 2.5"),
    (sizes.sharded_gigabytes, (1, 0), "sharded_gigabytes: n_machines is 0"),
    (sizes.map_gigabytes, (0,), "map_gigabytes: context is 0"),
    (sizes.cache_gigabytes, ("GPT-2 small", 0), "cache_gigabytes: context is 0"),
    (sizes.mixing_saved, (0,), "mixing_saved: widths is 0"),
    (sizes.gmlp_to_transformer, (0, 8), "gmlp_to_transformer: context is 0"),
    (sizes.times_fewer_bits, (16, 0), "times_fewer_bits: after is 0"),
]


@pytest.mark.parametrize(("function", "arguments", "says"), MESSAGES)
def test_what_cannot_be_is_refused(function, arguments, says):
    with pytest.raises(ValueError) as error:
        function(*arguments)
    assert says in str(error.value)


def test_a_group_must_have_a_size():
    with pytest.raises(ValueError, match=r"^bits_per_weight: group is 0"):
        sizes.bits_per_weight(2, group=0)
