"""The ledger of real models: published totals come out to the last parameter."""

import numpy as np
import pytest

from tinyffn import nn
from tinyffn.models import transformer
from tinyffn.studies.flops import Sizes
from tinyffn.studies.ledger import MODELS, Model

BY_NAME = {model.name: model for model in MODELS}

# As counted in the files in which the models were released.
TOTALS = {
    "GPT-2 small": 124_439_808,
    "GPT-2 XL": 1_557_611_200,
    "LLaMA-7B": 6_738_415_616,
    "Llama-3-8B": 8_030_261_248,
    "Qwen3-8B": 8_190_735_360,
}
OVERTAKES = {  # the context at which attention's FLOPs overtake, if all is seen
    "Transformer, base encoder": 1024,
    "GPT-2 small": 1536,
    "GPT-2 XL": 3200,
    "GPT-3 175B": 24_576,
    "LLaMA-7B": 8320,
    "Llama-3-8B": 16_384,
    "Qwen3-8B": 13_312,
}


@pytest.mark.parametrize("name", TOTALS)
def test_totals_are_those_of_the_released_models(name):
    assert BY_NAME[name].n_parameters == TOTALS[name]


def test_gpt_3_is_as_large_as_its_name_says():
    assert round(BY_NAME["GPT-3 175B"].n_parameters / 1e9) == 175


def test_the_sum_of_qwen3_8b_on_paper():
    model = BY_NAME["Qwen3-8B"]
    assert model.attention_parameters == 41_943_040
    assert model.ffn_parameters == 150_994_944
    blocks = 36 * (41_943_040 + 150_994_944 + 2 * 4096)
    without = blocks + 4096 + 2 * 151_936 * 4096
    assert without == 8_190_726_144
    assert model.n_parameters == without + 36 * 2 * 128  # the gains of queries and keys
    assert round(100 * model.ffn_share, 1) == 78.3
    assert round(100 * model.ffn_share_of_all, 1) == 66.4


def test_plain_blocks_hold_two_thirds_of_their_parameters_in_the_feed_forward_layer():
    for name in ("Transformer, base encoder", "GPT-2 small", "GPT-2 XL", "GPT-3 175B", "LLaMA-7B"):
        assert BY_NAME[name].ffn_share == pytest.approx(2 / 3, abs=0.002)
    ratio = {n: m.ffn_parameters / m.attention_parameters for n, m in BY_NAME.items()}
    assert ratio["Qwen3-8B"] == 3.6 and ratio["Llama-3-8B"] == 4.2


def test_where_attention_overtakes():
    assert {name: model.sizes.overtakes() for name, model in BY_NAME.items()} == OVERTAKES
    for model in MODELS:
        assert model.sizes.overtakes(causal=True) == 2 * model.sizes.overtakes()
    long = [m.name for m in MODELS if m.context and m.context > m.sizes.overtakes(causal=True)]
    assert long == ["Qwen3-8B"]


def test_flops_per_token():
    model = BY_NAME["GPT-2 small"]
    maps = 12 * (12 * 768**2) + 768 * 50_257
    assert model.flops_per_token(1024) == 2 * maps + 12 * 4 * 1024 * 768
    assert model.flops_per_token(1023, causal=True) == 2 * maps + 12 * 4 * 512 * 768
    assert BY_NAME["Transformer, base encoder"].flops_per_token(100_000) > 0  # it has no limit


@pytest.mark.parametrize("gated", [False, True], ids=["plain", "gated"])
@pytest.mark.parametrize("bias", [False, True], ids=["no bias", "bias"])
@pytest.mark.parametrize("n_kv_heads", [1, 2, 6])
@pytest.mark.parametrize("norm", [nn.LayerNorm, nn.RMSNorm])
def test_a_block_of_the_library_holds_what_the_ledger_says(gated, bias, n_kv_heads, norm):
    rng = np.random.default_rng(0)
    layer = nn.GatedFeedForward if gated else nn.FeedForward
    block = nn.TransformerBlock(
        12,
        nn.MultiHeadAttention(12, 6, n_kv_heads=n_kv_heads, rng=rng, bias=bias),
        layer(12, 20, rng=rng, bias=bias),
        rng=rng,
        norm=norm,
    )
    model = Model(
        "ours", Sizes(12, 6, 20, n_kv_heads=n_kv_heads, gated=gated), n_layers=3, vocab_size=7,
        context=8, source="", attention_bias=bias, ffn_bias=bias,
        norm=2 if norm is nn.LayerNorm else 1,
    )  # fmt: skip
    assert block.attention.n_parameters() == model.attention_parameters
    assert block.feed_forward.n_parameters() == model.ffn_parameters
    norms = block.norm_attention.n_parameters() + block.norm_feed_forward.n_parameters()
    assert norms == model.norm_parameters


def test_a_model_of_the_library_holds_what_the_ledger_says():
    ours = transformer(19, 8, 12, 3, 20, 2, rng=np.random.default_rng(0))
    model = Model(
        "ours", Sizes(12, 3, 20), n_layers=2, vocab_size=19, context=8, source="",
        attention_bias=True, ffn_bias=True, norm=2, positions=8,
    )  # fmt: skip
    assert ours.n_parameters() == model.n_parameters


def test_every_model_has_a_source_and_no_text_is_too_long():
    assert all("et al." in model.source for model in MODELS)
    with pytest.raises(ValueError, match="n is 1,025, but GPT-2 small reads 1,024 at most"):
        BY_NAME["GPT-2 small"].flops_per_token(1025)
    with pytest.raises(ValueError, match="flops_per_token: n is 0, but"):
        BY_NAME["GPT-2 small"].flops_per_token(0)
