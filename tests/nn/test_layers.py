"""Facts about layers: what each must do whatever its weights are."""

import math

import numpy as np
import pytest

from tinyffn import Tensor, gradcheck, nn, ops
from tinyffn.nn import init


def _rng(seed=1):
    return np.random.default_rng(seed)


def _random(module, dtype=np.float64, seed=2):
    """The module with all parameters random: none at zero or one, where an error would hide."""
    rng = _rng(seed)
    for p in module.astype(dtype).parameters():
        p.data[...] = 0.5 * rng.standard_normal(p.shape) + 0.1
    return module


def _block(rng, **settings):
    attention = nn.MultiHeadAttention(6, 3, rng=rng)
    return nn.TransformerBlock(6, attention, nn.FeedForward(6, 10, rng=rng), rng=rng, **settings)


def _only(rng, feed_forward):
    """A block with one of the two sublayers."""
    attention = None if feed_forward else nn.MultiHeadAttention(6, 3, rng=rng)
    layer = nn.FeedForward(6, 10, rng=rng) if feed_forward else None
    return nn.TransformerBlock(6, attention, layer, rng=rng)


def _modern_block(rng):
    attention = nn.MultiHeadAttention(6, 2, rng=rng, bias=False)
    feed_forward = nn.GatedFeedForward(6, 7, rng=rng)
    return nn.TransformerBlock(6, attention, feed_forward, rng=rng, norm=nn.RMSNorm)


LAYERS = {
    "Linear": lambda rng: nn.Linear(6, 4, rng=rng),
    "LayerNorm": lambda rng: nn.LayerNorm(6),
    "RMSNorm": lambda rng: nn.RMSNorm(6),
    "FeedForward": lambda rng: nn.FeedForward(6, 10, rng=rng),
    "FeedForward without bias": lambda rng: nn.FeedForward(6, 10, rng=rng, bias=False),
    "MaxoutFeedForward": lambda rng: nn.MaxoutFeedForward(6, 5, rng=rng, pieces=3),
    "PReLU": lambda rng: nn.PReLU(6),
    "Swish": lambda rng: nn.Swish(6),
    "AconC": lambda rng: nn.AconC(6),
    "Pade": lambda rng: nn.Pade(),
    "FeedForward with PReLU": lambda rng: nn.FeedForward(6, 4, rng=rng, activation=nn.PReLU(4)),
    "GatedFeedForward": lambda rng: nn.GatedFeedForward(6, 7, rng=rng),
    "MultiHeadAttention": lambda rng: nn.MultiHeadAttention(6, 3, rng=rng),
    "MultiHeadAttention in groups": lambda rng: nn.MultiHeadAttention(6, 6, rng=rng, n_kv_heads=2),
    "MultiHeadAttention with rotary": lambda rng: nn.MultiHeadAttention(
        6, 3, rng=rng, n_kv_heads=1, rotary=True
    ),
    "TokenMixing": lambda rng: nn.TokenMixing(6, 4, rng=rng),
    "TokenMixing, beginning of a context": lambda rng: nn.TokenMixing(6, 9, rng=rng, n_heads=3),
    "TokenMixing, toeplitz": lambda rng: nn.TokenMixing(6, 5, rng=rng, n_heads=2, toeplitz=True),
    "TokenShift": lambda rng: nn.TokenShift(6),
    "SpatialGate": lambda rng: nn.SpatialGate(6, 4, rng=rng),
    "SpatialGate with heads": lambda rng: nn.SpatialGate(6, 5, rng=rng, n_heads=3, toeplitz=True),
    "MixtureOfExperts": lambda rng: nn.MixtureOfExperts(6, 5, 3, rng=rng),
    "MixtureOfExperts, two of them": lambda rng: nn.MixtureOfExperts(6, 5, 3, rng=rng, top_k=2),
    "TinyAttention": lambda rng: nn.TinyAttention(6, 3, 5, rng=rng),
    "ChannelScale": lambda rng: nn.ChannelScale(6, 3, rng=rng),
    "PerceptionBlock": lambda rng: nn.PerceptionBlock(6, 10, 4, rng=rng),
    "PerceptionBlock without gate": lambda rng: nn.PerceptionBlock(
        6, 10, 4, rng=rng, gate=False, n_heads=2
    ),
    "PerceptionBlock with all": lambda rng: nn.PerceptionBlock(
        6,
        4,
        5,
        rng=rng,
        n_heads=2,
        toeplitz=True,
        d_attention=1,
        n_experts=2,
        d_expert=1,
        activation=nn.AconC,
        d_scale=1,
        norm=nn.RMSNorm,
    ),
    "TransformerBlock": _block,
    "TransformerBlock with RMSNorm and SwiGLU": _modern_block,
    "TransformerBlock, post-norm": lambda rng: _block(rng, norm_first=False),
    "TransformerBlock without attention": lambda rng: _only(rng, feed_forward=True),
    "TransformerBlock without feed-forward": lambda rng: _only(rng, feed_forward=False),
    "Sequential": lambda rng: nn.Sequential(nn.Linear(6, 5, rng=rng), ops.silu),
}
every_layer = pytest.mark.parametrize("make", LAYERS.values(), ids=LAYERS)


@every_layer
def test_gradients_are_the_derivatives(make):
    """Of the input and of each parameter, for a random upstream gradient."""
    module = _random(make(_rng()))
    x = _rng(3).standard_normal((2, 4, 6))
    gradcheck.check_pair(gradcheck.as_pair(module), x, rng=_rng(4))
    for holder in module.modules():
        for name, parameter in list(vars(holder).items()):
            if isinstance(parameter, nn.Parameter):

                def output(leaf, holder=holder, name=name):
                    setattr(holder, name, leaf)
                    return module(Tensor(x))

                gradcheck.check_pair(gradcheck.as_pair(output), parameter.data, rng=_rng(5))
                setattr(holder, name, parameter)


@every_layer
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_type_is_kept_and_the_input_untouched(make, dtype):
    module = _random(make(_rng()), dtype)
    x = Tensor(_rng(3).standard_normal((2, 4, 6)).astype(dtype), requires_grad=True)
    before = x.data.copy()
    y = module(x)
    y.backward(np.ones_like(y.data))
    assert y.dtype == x.grad.dtype == dtype
    assert all(p.grad.dtype == dtype for p in module.parameters())
    assert np.array_equal(x.data, before)


@every_layer
def test_an_empty_batch_gives_an_empty_batch(make):
    x = Tensor(np.zeros((0, 4, 6), np.float32), requires_grad=True)
    y = make(_rng())(x)
    assert y.shape[:2] == (0, 4)
    y.backward(np.ones_like(y.data))
    assert x.grad.shape == x.shape


POSITION_WISE = [
    "Linear", "LayerNorm", "RMSNorm", "FeedForward", "GatedFeedForward", "MaxoutFeedForward",
    "MixtureOfExperts", "MixtureOfExperts, two of them", "ChannelScale",
]  # fmt: skip


@pytest.mark.parametrize("name", POSITION_WISE)
def test_position_wise_layers_do_not_mix_positions(name):
    module = _random(LAYERS[name](_rng()))
    x, order = _rng(3).standard_normal((2, 5, 6)), [3, 0, 4, 1, 2]
    y = module(Tensor(x)).data
    np.testing.assert_allclose(module(Tensor(x[:, order])).data, y[:, order], rtol=0, atol=1e-13)
    np.testing.assert_allclose(module(Tensor(x[1, 2])).data, y[1, 2], rtol=0, atol=1e-13)


def test_sequences_of_a_batch_do_not_see_each_other():
    block = _random(_block(_rng()))
    x = _rng(3).standard_normal((3, 4, 6))
    y = block(Tensor(x)).data
    for i in range(3):
        np.testing.assert_allclose(block(Tensor(x[i : i + 1])).data[0], y[i], rtol=0, atol=1e-13)


def test_a_block_adds_to_the_residual_stream():
    """With the last map of each sublayer at zero nothing is added; else both add something."""
    block = _random(_block(_rng()))
    x = Tensor(_rng(3).standard_normal((2, 4, 6)))
    for last in (block.attention.output, block.feed_forward.down):
        last.b.data[...] = 0.0
    weights = [block.attention.output.w, block.feed_forward.down.w]
    kept = [w.data.copy() for w in weights]
    for w in weights:
        w.data[...] = 0.0
    assert np.array_equal(block(x).data, x.data)
    for w, data in zip(weights, kept, strict=True):
        w.data[...] = data
        assert np.abs(block(x).data - x.data).min() > 0.0
        w.data[...] = 0.0


def test_a_block_reads_a_normalised_stream():
    """Scaling x changes what is kept of it, but hardly what is added."""
    block = _random(_block(_rng()))
    x = 10.0 * _rng(3).standard_normal((2, 4, 6))
    attended = block.attention(block.norm_attention(Tensor(x))).data
    scaled = block.attention(block.norm_attention(Tensor(100.0 * x))).data
    np.testing.assert_allclose(attended, scaled, rtol=0, atol=1e-5)
    block.feed_forward.down.w.data[...] = 0.0
    block.feed_forward.down.b.data[...] = 0.0
    np.testing.assert_allclose(block(Tensor(x)).data, x + attended, rtol=0, atol=1e-12)


def test_layer_norm_ignores_shift_and_scale_and_rms_norm_only_scale():
    x = _rng(3).standard_normal((4, 6)) * 10.0
    for norm, shift in ((nn.LayerNorm(6), 7.0), (nn.RMSNorm(6), 0.0)):
        norm = _random(norm)
        y = norm(Tensor(x)).data
        np.testing.assert_allclose(norm(Tensor(30.0 * x + shift)).data, y, rtol=0, atol=1e-6)
    assert np.abs(norm(Tensor(x + 7.0)).data - y).max() > 0.1


@pytest.mark.parametrize("eps", [1e-5, 0.5])
def test_norms_equal_their_formulas(eps):
    x = _rng(3).standard_normal((4, 6))
    layer, rms = _random(nn.LayerNorm(6, eps=eps)), _random(nn.RMSNorm(6, eps=eps))
    xhat = (x - x.mean(axis=1, keepdims=True)) / np.sqrt(x.var(axis=1, keepdims=True) + eps)
    expected = xhat * layer.gain.data + layer.bias.data
    np.testing.assert_allclose(layer(Tensor(x)).data, expected, rtol=0, atol=1e-13)
    xhat = x / np.sqrt((x * x).mean(axis=1, keepdims=True) + eps)
    np.testing.assert_allclose(rms(Tensor(x)).data, xhat * rms.gain.data, rtol=0, atol=1e-13)


def test_gating_with_a_gate_of_ones_is_plain():
    layer = _random(nn.GatedFeedForward(6, 7, rng=_rng(), gate_op=lambda gate, up: up))
    x = _rng(3).standard_normal((2, 6))
    expected = x @ layer.up.w.data @ layer.down.w.data
    np.testing.assert_allclose(layer(Tensor(x)).data, expected, rtol=0, atol=1e-14)


def test_an_embedding_is_a_one_hot_product():
    embedding = _random(nn.Embedding(5, 3, rng=_rng()))
    ids = np.array([[4, 0, 4], [2, 1, 0]])
    assert np.array_equal(embedding(ids).data, np.eye(5)[ids] @ embedding.table.data)


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.8])
def test_dropout_keeps_the_mean_and_drops_its_share(rate):
    n = 200_000
    y = nn.Dropout(rate, rng=_rng())(Tensor(np.ones(n, np.float32))).data
    values, counts = np.unique(y, return_counts=True)
    np.testing.assert_allclose(values, [0.0, 1.0 / (1.0 - rate)], rtol=1e-6)
    assert abs(counts[0] / n - rate) < 4.5 * math.sqrt(rate * (1 - rate) / n)


def test_dropout_masks_the_gradient_as_the_output():
    x = Tensor(_rng(3).standard_normal((3, 5)), requires_grad=True)
    y = nn.Dropout(0.4, rng=_rng())(x)
    dy = _rng(4).standard_normal((3, 5))
    y.backward(dy)
    np.testing.assert_allclose(x.grad, dy * y.data / x.data, rtol=0, atol=1e-14)


def test_dropout_draws_from_its_rng_only_and_not_in_evaluation():
    x = Tensor(np.ones((3, 5), np.float32))
    a, b = nn.Dropout(0.4, rng=_rng()), nn.Dropout(0.4, rng=_rng())
    first = a(x).data
    assert np.array_equal(first, b(x).data) and not np.array_equal(first, a(x).data)
    state = a.rng.bit_generator.state
    assert a.eval()(x) is x
    assert nn.Dropout(0.0, rng=a.rng)(x) is x
    assert a.rng.bit_generator.state == state


SHAPE = (300, 500)
INITIALISERS = {
    "he": (init.he, math.sqrt(2.0 / 300), math.inf),
    "xavier": (init.xavier, math.sqrt(2.0 / 800), math.sqrt(6.0 / 800)),
    # A normal cut off at ±2 has 0.7737413 of its variance.
    "truncated_normal": (init.truncated_normal, 0.02 * math.sqrt(0.7737413), 0.04),
    "unit_normal": (init.unit_normal, math.sqrt(0.7737413), 2.0),
    "scaled_residual": (
        lambda rng, shape: init.scaled_residual(rng, shape, n_layers=8, std=0.1), 0.025, math.inf,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", INITIALISERS)
def test_initialisers_have_their_variance(name):
    function, std, bound = INITIALISERS[name]
    w = function(_rng(), SHAPE)
    n = w.size
    assert w.shape == SHAPE and w.dtype == np.float32
    assert abs(w.mean()) < 4.5 * std / math.sqrt(n)
    assert abs(w.var() / std**2 - 1.0) < 4.5 * math.sqrt(2.0 / n)
    assert np.abs(w).max() <= np.float32(bound)
    assert np.array_equal(w, function(_rng(), SHAPE))
    assert not np.array_equal(w, function(_rng(9), SHAPE))


def test_truncated_normal_reaches_out_to_two_std_and_no_further():
    z = np.abs(init.truncated_normal(_rng(), SHAPE, std=1.0))
    assert 1.99 < z.max() <= 2.0


def test_he_keeps_the_mean_square_through_relu_layers():
    x = Tensor(_rng(3).standard_normal((200, 256)).astype(np.float32))
    for seed in range(10):
        x = ops.relu(nn.Linear(256, 256, rng=_rng(seed), init=init.he)(x))
    assert 0.5 < np.mean(x.data**2) < 2.0  # half of it would be left after one wrong layer


def test_biases_start_at_zero_and_gains_at_one():
    assert not nn.Linear(3, 4, rng=_rng()).b.data.any()
    norm = nn.LayerNorm(3)
    assert norm.gain.data.tolist() == [1.0] * 3 and norm.bias.data.tolist() == [0.0] * 3
