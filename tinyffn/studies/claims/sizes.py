"""Arithmetic of sizes: parameters, FLOPs and bytes that figures of an article stand for.

A model is named as in tinyffn.studies.ledger: "Qwen3-8B".
"""

import math

import numpy as np

from tinyffn.arguments import must_be_above, must_be_positive
from tinyffn.studies.flops import Sizes, gmlp_flops
from tinyffn.studies.ledger import MODELS

ADAM_BYTES = 16  # of a parameter in training: 2 + 2 for weight and gradient, 4 + 4 + 4 in float32


def model(name):
    """The model of that name.

    Errors     ValueError if there is none
    """
    found = {each.name: each for each in MODELS}
    if name not in found:
        raise ValueError(f"model: there is no {name!r}, only {'; '.join(found)}")
    return found[name]


def parameters(name):
    """All parameters of a model."""
    return model(name).n_parameters


def ffn_share(name, *, of_all=False):
    """The feed-forward share of the parameters of a model's blocks, or of all its parameters."""
    return model(name).ffn_share_of_all if of_all else model(name).ffn_share


def ffn_to_attention(name):
    """How many times as many parameters the feed-forward layer of a block has as its attention."""
    return model(name).ffn_parameters / model(name).attention_parameters


def expansion(name):
    """The hidden width of a model's feed-forward layers over its width: d_ff / d_model."""
    return model(name).sizes.d_ff / model(name).sizes.d_model


def attention_overtakes(name, *, causal=False):
    """The tokens of context from which on attention needs more FLOPs: see flops.Sizes.overtakes."""
    return model(name).sizes.overtakes(causal=causal)


def equal_expansion(expansion):
    """The d_ff / d_model of a gated layer with as many weights as a plain one: 2 / 3 as large.

    Three matrices instead of two: 3 d d_ff' = 2 d d_ff.

    Errors     ValueError unless expansion is a number above 0
    """
    must_be_above("equal_expansion", 0, expansion=expansion)
    return 2 * expansion / 3


def active_parameters(flops_per_token):
    """How many parameters a token can meet in a forward pass: two FLOPs each, so half as many.

    At most: attention's pairs take FLOPs and have no parameters.

    Errors     ValueError unless flops_per_token is a number above 0
    """
    must_be_above("active_parameters", 0, flops_per_token=flops_per_token)
    return flops_per_token / 2


def gigabytes(n_parameters, bits):
    """What weights take in memory, in 10⁹ bytes: n bits / 8.

    Errors     ValueError unless both are numbers above 0
    """
    must_be_above("gigabytes", 0, n_parameters=n_parameters, bits=bits)
    return n_parameters * bits / 8e9


def bits_per_weight(levels, *, group=math.inf, bits_per_scale=16):
    """Bits of a weight of so many levels whose `group` shares a scale: log2(levels) + 16 / group.

    Errors     ValueError unless levels is a whole number and group a number, both above 0
    """
    must_be_positive("bits_per_weight", levels=levels)
    if group != math.inf:
        must_be_above("bits_per_weight", 0, group=group)
    return math.log2(levels) + bits_per_scale / group


def sharded_gigabytes(n_parameters, n_machines):
    """What each machine keeps of a model in training, if all is divided: 16 n / machines bytes.

    Weights and gradients in 16 bits; in 32 bits a copy of the weights, and Adam's two means. What
    the layers remember for the way back comes on top.

    Errors     ValueError unless both are whole numbers above 0
    Source     Rajbhandari et al. 2020 (ZeRO, arXiv:1910.02054), section 3.1, and its third stage
    """
    must_be_positive("sharded_gigabytes", n_parameters=n_parameters, n_machines=n_machines)
    return ADAM_BYTES * n_parameters / n_machines / 1e9


def map_gigabytes(context, *, causal=False, bytes_per_weight=2):
    """A learned map of places of one layer, a weight for each pair: T² weights, in 10⁹ bytes.

    With `causal` the lower half alone, T (T + 1) / 2.

    Errors     ValueError unless context is a whole number above 0
    """
    must_be_positive("map_gigabytes", context=context)
    pairs = context * (context + 1) // 2 if causal else context**2
    return bytes_per_weight * pairs / 1e9


def cache_gigabytes(name, context, *, bytes_per_number=2):
    """Keys and values that a model keeps of a text while it writes, in 10⁹ bytes.

        2 · n_layers · T · n_kv_heads d_head numbers

    Errors     ValueError unless context is a whole number above 0
    """
    must_be_positive("cache_gigabytes", context=context)
    sizes = model(name).sizes
    numbers = 2 * model(name).n_layers * context * sizes.n_kv_heads * sizes.d_head
    return bytes_per_number * numbers / 1e9


def float16_over_largest(number):
    """A number over the largest that fits into 16 bits, 65,504: above 1 it does not fit."""
    return number / float(np.finfo(np.float16).max)


def mixing_saved(widths):
    """How much less a gMLP mixes than attention does, as a share, at a context of so many widths.

    All that brings tokens together: 8 d² + 4 T d FLOPs a token in attention, its four matrices and
    the pairs; 6 T d in a gMLP of d_ff = 6 d. With T = widths d: 1 - 6 widths / (8 + 4 widths).

    Errors     ValueError unless widths is a number above 0
    """
    must_be_above("mixing_saved", 0, widths=widths)
    return 1 - 6 * widths / (8 + 4 * widths)


def gmlp_to_transformer(context, d_model):
    """FLOPs a token of a gMLP block (d_ff = 6 d) over those of a transformer block (d_ff = 4 d)."""
    must_be_positive("gmlp_to_transformer", context=context, d_model=d_model)
    transformer = sum(Sizes(d_model, 1, 4 * d_model).flops(context).values())
    return gmlp_flops(context, d_model=d_model, d_gate=3 * d_model) / transformer


def ffn_flops_share(name, context):
    """The share of the feed-forward layer in the FLOPs of a model's block on `context` tokens."""
    flops = model(name).sizes.flops(context)
    return flops["feed_forward"] / sum(flops.values())


def times_fewer_bits(before, after):
    """How many times fewer bits a weight has: before / after.

    Errors     ValueError unless both are numbers above 0
    """
    must_be_above("times_fewer_bits", 0, before=before, after=after)
    return before / after
