"""Token mixing, token shift, the spatial gate: what they see, what they cost, how they decode."""

import re

import numpy as np
import pytest

from tinyffn import Tensor, nn, no_grad, ops

B, T, D = 2, 6, 8


def _rng(seed=1):
    return np.random.default_rng(seed)


def _random(module, dtype):
    rng = _rng(2)
    for p in module.astype(dtype).parameters():
        p.data[...] = 0.5 * rng.standard_normal(p.shape) + 0.1
    return module


LAYERS = {
    "TokenMixing": lambda: nn.TokenMixing(D, T, rng=_rng()),
    "TokenMixing with heads": lambda: nn.TokenMixing(D, T + 3, rng=_rng(), n_heads=4),
    "TokenMixing, toeplitz": lambda: nn.TokenMixing(D, T, rng=_rng(), toeplitz=True),
    "TokenShift": lambda: nn.TokenShift(D),
    "SpatialGate": lambda: nn.SpatialGate(D, T, rng=_rng()),
    "SpatialGate with heads": lambda: nn.SpatialGate(D, T, rng=_rng(), n_heads=2),
    "SpatialGate, toeplitz": lambda: nn.SpatialGate(D, T + 1, rng=_rng(), toeplitz=True),
}
every_layer = pytest.mark.parametrize("make", LAYERS.values(), ids=LAYERS)


@every_layer
@pytest.mark.parametrize("place", range(T))
def test_no_position_sees_the_future_bit_for_bit(make, place):
    layer = _random(make(), np.float32)
    x = _rng(3).standard_normal((B, T, D)).astype(np.float32)
    changed = x.copy()
    changed[:, place] = _rng(5).standard_normal((B, D))
    same = np.all(layer(Tensor(x)).data == layer(Tensor(changed)).data, axis=(0, 2))
    assert same[:place].all() and not same[place]
    if place + 1 < T:
        assert not same[place + 1]


@every_layer
def test_no_gradient_reaches_the_future(make):
    layer = _random(make(), np.float64)
    x = Tensor(_rng(3).standard_normal((B, T, D)), requires_grad=True)
    y = layer(x)
    dy = np.zeros_like(y.data)
    dy[:, 3] = _rng(4).standard_normal(dy[:, 3].shape)
    y.backward(dy)
    reached = np.any(x.grad != 0.0, axis=(0, 2))
    assert reached[2:4].all() and not reached[4:].any()


@every_layer
@pytest.mark.parametrize("pieces", [[1] * T, [3, 1, 2], [2, 3, 1], [T]], ids=str)
@pytest.mark.parametrize("dtype, tolerance", [(np.float32, 1e-5), (np.float64, 1e-10)])
def test_reading_in_pieces_equals_reading_at_once(make, pieces, dtype, tolerance):
    layer = _random(make(), dtype)
    x = _rng(3).standard_normal((B, T, D)).astype(dtype)
    with no_grad():
        expected = layer(Tensor(x)).data
        cache, start, parts = layer.new_cache(B, T), 0, []
        for n in pieces:
            parts.append(layer(Tensor(x[:, start : start + n]), cache).data)
            start += n
    got = np.concatenate(parts, axis=1)
    assert got.dtype == dtype
    np.testing.assert_allclose(got, expected, rtol=0, atol=tolerance)


def test_heads_mix_their_own_channels_by_their_own_map():
    layer = _random(nn.TokenMixing(D, T, rng=_rng(), n_heads=2), np.float64)
    x = _rng(3).standard_normal((B, T, D))
    y = layer(Tensor(x)).data
    for head, channels in enumerate([slice(0, 4), slice(4, 8)]):
        for t in range(T):
            expected = sum(layer.weights.data[head, t, s] * x[:, s, channels] for s in range(t + 1))
            expected += layer.bias.data[head, t]
            np.testing.assert_allclose(y[:, t, channels], expected, rtol=0, atol=1e-12)


def test_a_shorter_text_reads_the_beginning_of_the_map():
    for make in LAYERS.values():
        layer = _random(make(), np.float64)
        x = _rng(3).standard_normal((B, T, D))
        short = layer(Tensor(x[:, :4])).data
        np.testing.assert_allclose(short, layer(Tensor(x)).data[:, :4], rtol=0, atol=1e-12)


def test_the_gate_is_the_mixed_half_times_the_other():
    gate = _random(nn.SpatialGate(D, T, rng=_rng()), np.float64)
    z, added = _rng(3).standard_normal((B, T, D)), _rng(4).standard_normal((B, T, D // 2))
    mixed = gate.mixing(gate.norm(Tensor(z[..., 4:]))).data
    np.testing.assert_allclose(gate(Tensor(z)).data, z[..., :4] * mixed, rtol=0, atol=1e-12)
    y = gate(Tensor(z), added=Tensor(added)).data
    np.testing.assert_allclose(y, z[..., :4] * (mixed + added), rtol=0, atol=1e-12)


@pytest.mark.parametrize("toeplitz", [False, True])
@pytest.mark.parametrize("context", [16, 256])
def test_a_new_gate_lets_nearly_all_through(context, toeplitz):
    gate = nn.SpatialGate(D, context, rng=_rng(), toeplitz=toeplitz)
    z = _rng(3).standard_normal((64, context, D)).astype(np.float32)
    passed = gate(Tensor(z)).data / z[..., :4]
    assert abs(passed.mean() - 1.0) < 0.05
    assert 0.02 < passed.std() < 0.15


def test_a_new_mixing_gives_numbers_as_large_as_asked():
    mixing = nn.TokenMixing(D, 64, rng=_rng(), size=0.5)
    x = _rng(3).standard_normal((64, 64, D)).astype(np.float32)
    assert abs(mixing(Tensor(x)).data[:, -1].std() - 0.5) < 0.1


@pytest.mark.parametrize(
    "toeplitz, n_parameters", [(False, 3 * T * T + 3 * T), (True, 3 * T + 3 * T)]
)
def test_number_of_parameters(toeplitz, n_parameters):
    mixing = nn.TokenMixing(9, T, rng=_rng(), n_heads=3, toeplitz=toeplitz)
    assert mixing.n_parameters() == n_parameters
    gate = nn.SpatialGate(18, T, rng=_rng(), n_heads=3, toeplitz=toeplitz)
    assert gate.n_parameters() == n_parameters + 2 * 9  # a norm of 9 channels


def test_a_new_shift_brings_half_of_the_channels_of_the_token_before():
    x = _rng(3).standard_normal((B, T, 5)).astype(np.float32)
    y = nn.TokenShift(5)(Tensor(x)).data
    np.testing.assert_array_equal(y[:, :, :3], x[:, :, :3])
    np.testing.assert_array_equal(y[:, 1:, 3:], x[:, :-1, 3:])
    assert np.all(y[:, 0, 3:] == 0.0)


def test_a_shift_stands_in_front_of_the_blocks_of_a_model():
    from tinyffn.models import LanguageModel

    rng = _rng()
    attention = nn.MultiHeadAttention(D, 2, rng=rng)
    block = nn.TransformerBlock(D, attention, nn.FeedForward(D, 16, rng=rng), rng=rng)
    model = LanguageModel(5, T, D, [nn.TokenShift(D), block], rng=rng)
    ids = _rng(3).integers(0, 5, (B, T))
    stream = model.stream(ids)
    assert len(stream) == 4  # embedded, shifted, after attention, after feed-forward
    np.testing.assert_allclose(model.read(stream[-1]).data, model(ids).data, rtol=0, atol=1e-6)


def _past(shape):
    cache = nn.PastTokens((2, 3, 5, 4), np.float32)
    with no_grad():
        cache.extend(np.ones(shape, np.float32))
    return cache


@pytest.mark.parametrize("shape", [(1, 3, 2, 4), (2, 1, 2, 4), (2, 3, 2, 1), (3, 2, 4)])
def test_past_tokens_take_only_their_own_shape(shape):
    message = f"PastTokens: x {shape} does not fit: it was made for (2, 3, T, 4)"
    with pytest.raises(ValueError, match=re.escape(message)):
        _past(shape)


def test_full_past_tokens_say_how_much_room_there_is():
    cache = _past((2, 3, 4, 4))
    with no_grad(), pytest.raises(ValueError, match="room for 5 positions, 4 taken, 2 more do not"):
        cache.extend(np.ones((2, 3, 2, 4), np.float32))
    assert cache.n_positions == 4


@every_layer
def test_a_cache_refuses_to_cut_gradients_off(make):
    layer = make()
    with pytest.raises(RuntimeError, match=re.escape("use it inside no_grad()")):
        layer(Tensor(np.ones((B, 1, D), np.float32)), layer.new_cache(B, T))


@pytest.mark.parametrize("n", [0, 2.0, None])
def test_a_new_cache_has_sizes(n):
    for layer in (nn.TokenMixing(D, T, rng=_rng()), nn.TokenShift(D)):
        with pytest.raises(ValueError, match="new_cache: batch_size is"):
            layer.new_cache(n, 3)
        with pytest.raises(ValueError, match="new_cache: length is"):
            layer.new_cache(3, n)


def test_a_map_never_uses_what_it_holds_above_its_diagonal():
    layer = nn.TokenMixing(D, T, rng=_rng())
    x = Tensor(_rng(3).standard_normal((B, T, D)).astype(np.float32))
    before = layer(x).data
    layer.weights.data[...] = np.tril(layer.weights.data)
    np.testing.assert_array_equal(layer(x).data, before)
    ops.sum(layer(x)).backward()
    assert np.all(np.triu(layer.weights.grad, k=1) == 0.0)
