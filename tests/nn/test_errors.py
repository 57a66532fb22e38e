"""Wrong arguments: each gives one sentence that names the argument and the value given."""

import re

import numpy as np
import pytest

from tinyffn import Tensor, nn, no_grad, ops, optim
from tinyffn.nn import init

RNG = np.random.default_rng(11)
NOT_SIZES = [0, -3, 2.0, True, None, "4"]
NOT_SHARES = [-0.1, 1.0, 1.5, float("nan"), True, None, "0.5"]
NOT_EPS = [0.0, -1e-5, float("nan"), float("inf"), None, "1e-5"]


def _x(*shape):
    return Tensor(np.ones(shape, np.float32))


def _block(**changed):
    sublayers = {
        "attention": nn.MultiHeadAttention(6, 3, rng=RNG),
        "feed_forward": nn.FeedForward(6, 10, rng=RNG),
    }
    return nn.TransformerBlock(6, rng=RNG, **(sublayers | changed))


SIZES = {
    "Linear: d_in": lambda n: nn.Linear(n, 3, rng=RNG),
    "Linear: d_out": lambda n: nn.Linear(3, n, rng=RNG),
    "Embedding: vocab_size": lambda n: nn.Embedding(n, 3, rng=RNG),
    "Embedding: d_model": lambda n: nn.Embedding(3, n, rng=RNG),
    "LayerNorm: d_model": lambda n: nn.LayerNorm(n),
    "RMSNorm: d_model": lambda n: nn.RMSNorm(n),
    "FeedForward: d_model": lambda n: nn.FeedForward(n, 8, rng=RNG),
    "FeedForward: d_ff": lambda n: nn.FeedForward(4, n, rng=RNG),
    "GatedFeedForward: d_model": lambda n: nn.GatedFeedForward(n, 8, rng=RNG),
    "GatedFeedForward: d_ff": lambda n: nn.GatedFeedForward(4, n, rng=RNG),
    "gated_d_ff: d_ff": nn.gated_d_ff,
    "gated_d_ff: multiple_of": lambda n: nn.gated_d_ff(12, multiple_of=n),
    "MultiHeadAttention: d_model": lambda n: nn.MultiHeadAttention(n, 2, rng=RNG),
    "MultiHeadAttention: n_heads": lambda n: nn.MultiHeadAttention(4, n, rng=RNG),
    "new_cache: batch_size": lambda n: nn.MultiHeadAttention(4, 2, rng=RNG).new_cache(n, 3),
    "new_cache: length": lambda n: nn.MultiHeadAttention(4, 2, rng=RNG).new_cache(3, n),
    "TokenMixing: d": lambda n: nn.TokenMixing(n, 3, rng=RNG),
    "TokenMixing: context": lambda n: nn.TokenMixing(4, n, rng=RNG),
    "TokenMixing: n_heads": lambda n: nn.TokenMixing(4, 3, rng=RNG, n_heads=n),
    "TokenShift: d": nn.TokenShift,
    "SpatialGate: d": lambda n: nn.SpatialGate(n, 3, rng=RNG),
    "MixtureOfExperts: n_experts": lambda n: nn.MixtureOfExperts(4, 3, n, rng=RNG),
    "MixtureOfExperts: top_k": lambda n: nn.MixtureOfExperts(4, 3, 2, rng=RNG, top_k=n),
    "TinyAttention: d_model": lambda n: nn.TinyAttention(n, 3, 4, rng=RNG),
    "TinyAttention: d_attention": lambda n: nn.TinyAttention(4, n, 4, rng=RNG),
    "TinyAttention: d_out": lambda n: nn.TinyAttention(4, 3, n, rng=RNG),
    "ChannelScale: d": lambda n: nn.ChannelScale(n, 3, rng=RNG),
    "ChannelScale: d_squeezed": lambda n: nn.ChannelScale(4, n, rng=RNG),
    "PerceptionBlock: d_model": lambda n: nn.PerceptionBlock(n, 8, 5, rng=RNG),
    "PerceptionBlock: d_ff": lambda n: nn.PerceptionBlock(4, n, 5, rng=RNG),
    "scaled_residual: n_layers": lambda n: init.scaled_residual(RNG, (3, 4), n_layers=n),
}
NUMBERS = {
    "LayerNorm: eps": (NOT_EPS, lambda eps: nn.LayerNorm(4, eps=eps)),
    "RMSNorm: eps": (NOT_EPS, lambda eps: nn.RMSNorm(4, eps=eps)),
    "TokenMixing: size": (NOT_EPS, lambda size: nn.TokenMixing(4, 3, rng=RNG, size=size)),
    "Dropout: rate": (NOT_SHARES, lambda rate: nn.Dropout(rate, rng=RNG)),
}
FUNCTIONS = {
    "Linear: init": lambda f: nn.Linear(3, 4, rng=RNG, init=f),
    "Embedding: init": lambda f: nn.Embedding(3, 4, rng=RNG, init=f),
    "FeedForward: activation": lambda f: nn.FeedForward(3, 4, rng=RNG, activation=f),
    "GatedFeedForward: gate_op": lambda f: nn.GatedFeedForward(3, 4, rng=RNG, gate_op=f),
    "SpatialGate: norm": lambda f: nn.SpatialGate(4, 3, rng=RNG, norm=f),
    "PerceptionBlock: activation": lambda f: nn.PerceptionBlock(4, 8, 5, rng=RNG, activation=f),
    "TransformerBlock: norm": lambda f: _block(norm=f),
}
OR_NONE = {
    "TransformerBlock: attention": lambda f: _block(attention=f),
    "TransformerBlock: feed_forward": lambda f: _block(feed_forward=f),
    "PerceptionBlock: norm": lambda f: nn.PerceptionBlock(4, 8, 5, rng=RNG, norm=f),
}
GENERATORS = {
    "Linear": lambda rng: nn.Linear(3, 4, rng=rng),
    "Embedding": lambda rng: nn.Embedding(3, 4, rng=rng),
    "Dropout": lambda rng: nn.Dropout(0.1, rng=rng),
    "TokenMixing": lambda rng: nn.TokenMixing(4, 3, rng=rng),
}


@pytest.mark.parametrize("value", NOT_SIZES, ids=repr)
@pytest.mark.parametrize("name", SIZES)
def test_sizes_are_whole_numbers_above_zero(name, value):
    message = f"{name} is {value!r}, but must be a whole number above 0"
    with pytest.raises(ValueError, match=re.escape(message)):
        SIZES[name](value)


@pytest.mark.parametrize(
    "name, value", [(name, v) for name, (values, _) in NUMBERS.items() for v in values]
)
def test_numbers_lie_where_they_must(name, value):
    with pytest.raises(ValueError, match=re.escape(f"{name} is {value!r}, but must be a number")):
        NUMBERS[name][1](value)


@pytest.mark.parametrize("value", [None, "gelu", 3], ids=repr)
@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions_can_be_called(name, value):
    with pytest.raises(TypeError, match=re.escape(f"{name} is {value!r}, but must be a function")):
        FUNCTIONS[name](value)


@pytest.mark.parametrize("value", ["gelu", 3], ids=repr)
@pytest.mark.parametrize("name", OR_NONE)
def test_functions_can_be_called_where_none_is_allowed(name, value):
    with pytest.raises(TypeError, match=re.escape(f"{name} is {value!r}, but must be a function")):
        OR_NONE[name](value)


def test_a_block_has_a_sublayer():
    with pytest.raises(ValueError, match="attention and feed_forward are None: pass one"):
        _block(attention=None, feed_forward=None)


@pytest.mark.parametrize("value", [None, 0, np.random], ids=["None", "0", "np.random"])
@pytest.mark.parametrize("name", GENERATORS)
def test_rng_is_a_generator(name, value):
    message = f"rng is {value!r}, but must be a generator: np.random.default_rng(0)"
    with pytest.raises(TypeError, match=re.escape(message)):
        GENERATORS[name](value)


# One row a mistake: what is done, the error, and what its message must say.
MISTAKES = [
    (lambda: nn.MultiHeadAttention(8, 3, rng=RNG), ValueError,
     "MultiHeadAttention: d_model = 8 does not split into 3 heads: n_heads must divide d_model"),
    (lambda: nn.MultiHeadAttention(8, 4, rng=RNG, n_kv_heads=3), ValueError,
     "MultiHeadAttention: 4 heads do not split into 3 groups: n_kv_heads must divide n_heads"),
    (lambda: nn.MultiHeadAttention(8, 2, rng=RNG, n_kv_heads=0), ValueError,
     "MultiHeadAttention: n_kv_heads is 0, but must be a whole number above 0"),
    (lambda: nn.MultiHeadAttention(6, 2, rng=RNG, rotary=True), ValueError,
     "d_head = d_model / n_heads = 3 is odd, but rotary turns channels in pairs"),
    (lambda: nn.MultiHeadAttention(8, 2, rng=RNG).weights(_x(5, 8)), ValueError,
     "MultiHeadAttention: x (5, 8) must be (B, T, d_model)"),
    (lambda: nn.MultiHeadAttention(8, 2, rng=RNG)(_x(5, 8)), ValueError,
     "MultiHeadAttention: x (5, 8) must be (B, T, d_model)"),
    (lambda: nn.TokenMixing(8, 5, rng=RNG, n_heads=3), ValueError,
     "TokenMixing: d = 8 does not split into 3 heads: n_heads must divide d"),
    (lambda: nn.TokenMixing(8, 5, rng=RNG)(_x(2, 5, 6)), ValueError,
     "TokenMixing: x (2, 5, 6) must be (B, T, 8) with T >= 1"),
    (lambda: nn.TokenMixing(8, 5, rng=RNG)(_x(5, 8)), ValueError, "x (5, 8) must be (B, T, 8)"),
    (lambda: nn.TokenMixing(8, 5, rng=RNG)(_x(2, 0, 8)), ValueError, "x (2, 0, 8) must be (B, T"),
    (lambda: nn.TokenMixing(8, 5, rng=RNG)(_x(2, 6, 8)), ValueError,
     "TokenMixing: 6 positions are more than the context of 5: shorten x"),
    (lambda: nn.SpatialGate(7, 5, rng=RNG), ValueError,
     "SpatialGate: d = 7 is odd, but must split into two halves"),
    (lambda: nn.SpatialGate(8, 5, rng=RNG)(_x(2, 5, 6)), ValueError,
     "SpatialGate: z (2, 5, 6) must be (B, T, 8)"),
    (lambda: nn.TokenShift(4)(_x(2, 5, 6)), ValueError,
     "token_shift: now (4,) does not fit x (2, 5, 6)"),
    (lambda: nn.MixtureOfExperts(4, 3, 2, rng=RNG, top_k=3), ValueError,
     "MixtureOfExperts: top_k is 3, but there are only 2 experts"),
    (lambda: nn.balance_loss(nn.Linear(4, 3, rng=RNG)), ValueError,
     "balance_loss: the Linear has 0 MixtureOfExperts, of which 0 have been called"),
    (lambda: nn.balance_loss(nn.MixtureOfExperts(4, 3, 2, rng=RNG)), ValueError,
     "balance_loss: the MixtureOfExperts has 1 MixtureOfExperts, of which 0 have been called"),
    (lambda: nn.TinyAttention(4, 3, 2, rng=RNG)(_x(5, 4)), ValueError,
     "TinyAttention: x (5, 4) must be (B, T, d_model)"),
    (lambda: nn.PerceptionBlock(4, 8, 5, rng=RNG, gate=False, d_attention=3), ValueError,
     "PerceptionBlock: d_attention is 3, but gate is off: there is no gate to add attention to"),
    (lambda: nn.PerceptionBlock(4, 8, 5, rng=RNG, top_k=2), ValueError,
     "PerceptionBlock: n_experts is 0, so that top_k = 2 and d_expert = None would change nothing"),
    (lambda: nn.PerceptionBlock(4, 8, 5, rng=RNG, d_expert=3), ValueError,
     "PerceptionBlock: n_experts is 0, so that top_k = 1 and d_expert = 3 would change nothing"),
    (lambda: nn.PerceptionBlock(4, 7, 5, rng=RNG), ValueError, "SpatialGate: d = 7 is odd"),
    (lambda: nn.PerceptionBlock(4, 8, 5, rng=RNG, n_heads=3), ValueError,
     "TokenMixing: d = 4 does not split into 3 heads"),
    (lambda: nn.PerceptionBlock(4, 8, 5, rng=RNG, n_experts=-1), ValueError,
     "MixtureOfExperts: n_experts is -1, but must be a whole number above 0"),
    (lambda: nn.PerceptionBlock(4, 8, 5, rng=RNG, n_experts=2, d_expert=0), ValueError,
     "FeedForward: d_ff is 0, but must be a whole number above 0"),
    (lambda: nn.Linear(4, 3, rng=RNG)(_x(5, 6)), ValueError,
     "linear: x (5, 6) does not fit w (4, 3): the last axis of x must be d_in = 4"),
    (lambda: nn.Linear(4, 3, rng=RNG, init=lambda rng, shape: np.ones((3, 4))), ValueError,
     "Linear: init gave (3, 4), but must give (4, 3)"),
    (lambda: nn.Embedding(4, 3, rng=RNG, init=lambda rng, shape: np.ones(3)), ValueError,
     "Embedding: init gave (3,), but must give (4, 3)"),
    (lambda: nn.Unembedding(nn.Linear(3, 4, rng=RNG)), TypeError,
     "Unembedding: embedding is a Linear, but must be an Embedding"),
    (lambda: nn.Embedding(4, 3, rng=RNG)([1.0, 2.0]), TypeError,
     "embedding: ids are float64, but must be integers"),
    (lambda: nn.Embedding(4, 3, rng=RNG)([0, 4]), ValueError,
     "embedding: ids run from 0 to 4, but the table has rows 0 to 3"),
    (lambda: nn.LayerNorm(4)(_x(2, 5)), ValueError,
     "layer_norm: gain (4,) does not fit x (2, 5): gain must be (5,)"),
    (lambda: _block()(_x(2, 5, 7)), ValueError, "gain (6,) does not fit x (2, 5, 7)"),
    (lambda: nn.Sequential(ops.relu, 3), TypeError, "Sequential: layer 1 is int, not a function"),
    (lambda: nn.Parameter(np.ones(3, int)), TypeError, "data is int64, but must be float32 or"),
    (lambda: nn.Parameter(None), TypeError, "expected numbers or an array of numbers, not object"),
    (lambda: nn.Linear(4, 3, rng=RNG).astype(np.float16), TypeError,
     "astype: parameters are float32 or float64, not float16"),
    (lambda: optim.Optimizer([nn.Parameter([1.0])], 0.1).update(0, None), TypeError,
     "Optimizer does not say how to update a parameter"),
]  # fmt: skip


@pytest.mark.parametrize("mistake, error, message", MISTAKES, ids=[m[2] for m in MISTAKES])
def test_message(mistake, error, message):
    with pytest.raises(error, match=re.escape(message)):
        mistake()


def _cache_shape(k_shape):
    cache = nn.KeyValueCache((2, 3, 5, 4), np.float32)
    with no_grad():
        cache.extend(np.ones(k_shape, np.float32), np.ones(k_shape, np.float32))
    return cache


@pytest.mark.parametrize("shape", [(1, 3, 2, 4), (2, 1, 2, 4), (2, 3, 2, 1), (3, 3, 2, 4)])
def test_cache_takes_only_keys_of_its_own_shape(shape):
    """NumPy would broadcast a 1 silently."""
    message = f"KeyValueCache: k {shape} does not fit: it was made for (2, 3, T, 4)"
    with pytest.raises(ValueError, match=re.escape(message)):
        _cache_shape(shape)


def test_cache_looks_at_values_too():
    cache, k, v = nn.KeyValueCache((2, 3, 5, 4), np.float32), np.ones((2, 3, 2, 4)), np.ones(4)
    message = "KeyValueCache: v (4,) does not fit: it was made for (2, 3, T, 4)"
    with no_grad(), pytest.raises(ValueError, match=re.escape(message)):
        cache.extend(k, v)
    assert cache.n_positions == 0


def test_full_cache_says_how_much_room_there_is():
    cache = _cache_shape((2, 3, 4, 4))
    more = np.ones((2, 3, 2, 4), np.float32)
    with no_grad(), pytest.raises(ValueError, match="room for 5 positions, 4 taken, 2 more do not"):
        cache.extend(more, more)
    assert cache.n_positions == 4


def test_cache_refuses_to_cut_gradients_off():
    attention = nn.MultiHeadAttention(6, 3, rng=RNG)
    with pytest.raises(RuntimeError, match=re.escape("use it inside no_grad()")):
        attention(_x(2, 3, 6), attention.new_cache(2, 5))
