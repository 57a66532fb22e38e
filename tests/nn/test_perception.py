"""The perception block: what each switch adds, that none looks ahead, and that all decode."""

import numpy as np
import pytest

from tinyffn import Tensor, nn, no_grad, ops

B, T, D, F = 2, 6, 8, 12


def _rng(seed=1):
    return np.random.default_rng(seed)


def _block(dtype=None, **parts):
    block = nn.PerceptionBlock(D, F, T, rng=_rng(), **parts)
    if dtype is not None:
        rng = _rng(2)
        for p in block.astype(dtype).parameters():
            p.data[...] = 0.5 * rng.standard_normal(p.shape) + 0.1
    return block


MLP_PARTS = D * F + F + D  # up with its bias, and down's bias
MAP = T * T + T
GATED = MLP_PARTS + D * F // 2 + MAP + 2 * (F // 2) + 2 * D  # down, a map, norm of v, norm of x
PARTS = {  # switches, number of parameters
    "gMLP": ({}, GATED),
    "heads": ({"n_heads": 3}, GATED + 2 * MAP),
    "toeplitz": ({"toeplitz": True}, GATED - T * T + T),
    "no gate": ({"gate": False}, MLP_PARTS + D * F + MAP + 2 * D),
    "no gate, heads": ({"gate": False, "n_heads": 4}, MLP_PARTS + D * F + 4 * MAP + 2 * D),
    "attention": ({"d_attention": 5}, GATED + 3 * (D * 5 + 5) + 5 * F // 2 + F // 2),
    "experts": (
        {"n_experts": 3, "top_k": 2, "d_expert": 7},
        GATED + 2 * D + 3 * D + 3 * (2 * D * 7 + 7 + D),
    ),
    "experts, all asked": (
        {"n_experts": 2, "top_k": 2, "d_expert": 7},
        GATED + 2 * D + 2 * D + 2 * (2 * D * 7 + 7 + D),
    ),
    "experts as wide as the block": ({"n_experts": 2}, GATED + 4 * D + 2 * (2 * D * F + F + D)),
    "activation": ({"activation": nn.AconC}, GATED + 3 * F),
    "another fixed activation": ({"activation": ops.relu}, GATED),
    "scale": ({"d_scale": 2}, GATED + 2 * D * 2 + 2 + D),
    "norm": ({"norm": nn.RMSNorm}, GATED - D),
    "no norm": ({"norm": None}, GATED - 2 * D),
    "no norm before experts": (
        {"norm": None, "n_experts": 3, "d_expert": 7},
        GATED - 2 * D + 3 * D + 3 * (2 * D * 7 + 7 + D),
    ),
    "no residual": ({"residual": False}, GATED),
    "no residual around experts": (
        {"residual": False, "n_experts": 2}, GATED + 4 * D + 2 * (2 * D * F + F + D)
    ),
    "dropout": ({"dropout": 0.5}, GATED),
    "all": (
        {"n_heads": 2, "toeplitz": True, "d_attention": 4, "n_experts": 2, "activation": nn.Swish,
         "d_scale": 3, "dropout": 0.1},
        None,
    ),
}  # fmt: skip
every_switch = pytest.mark.parametrize("parts", [p for p, _ in PARTS.values()], ids=PARTS)


@pytest.mark.parametrize("name", [name for name, (_, n) in PARTS.items() if n is not None])
def test_number_of_parameters(name):
    parts, n_parameters = PARTS[name]
    assert _block(**parts).n_parameters() == n_parameters


@every_switch
@pytest.mark.parametrize("place", range(T))
def test_no_position_sees_the_future_bit_for_bit(parts, place):
    """Bit for bit, but where experts are chosen: a product of other rows may round otherwise."""
    block = _block(np.float64, **parts).eval()
    x = _rng(3).standard_normal((B, T, D))
    changed = x.copy()
    changed[:, place] = _rng(5).standard_normal((B, D))
    y, after = block(Tensor(x)).data, block(Tensor(changed)).data
    margin = 1e-12 if parts.get("n_experts", 0) > parts.get("top_k", 1) else 0.0
    same = np.all(np.abs(y - after) <= margin, axis=(0, 2))
    assert same[:place].all() and not same[place:].any()


@every_switch
def test_no_gradient_reaches_the_future(parts):
    block = _block(np.float64, **parts).eval()
    x = Tensor(_rng(3).standard_normal((B, T, D)), requires_grad=True)
    dy = np.zeros((B, T, D))
    dy[:, 3] = _rng(4).standard_normal((B, D))
    block(x).backward(dy)
    reached = np.any(x.grad != 0.0, axis=(0, 2))
    assert reached.tolist() == [t <= 3 for t in range(T)]


@every_switch
@pytest.mark.parametrize("dtype, tolerance", [(np.float32, 1e-5), (np.float64, 1e-10)])
def test_decoding_equals_reading_at_once(parts, dtype, tolerance):
    block = _block(dtype, **parts).eval()
    x = _rng(3).standard_normal((B, T, D)).astype(dtype)
    with no_grad():
        expected = block(Tensor(x)).data
        cache = block.new_cache(B, T)
        pieces = [block(Tensor(x[:, s]), cache).data for s in (slice(2), slice(2, 3), slice(3, 6))]
    got = np.concatenate(pieces, axis=1)
    np.testing.assert_allclose(got, expected, rtol=0, atol=tolerance * np.abs(expected).max())


def test_the_stream_is_a_sum():
    block = _block(np.float64, n_experts=2)
    x = Tensor(_rng(3).standard_normal((B, T, D)))
    first, second = block.stream(x)
    h = block.norm(x)
    mixed = block.down(block.mixing(ops.gelu(block.up(h)))).data
    np.testing.assert_allclose(first.data - x.data, mixed, rtol=0, atol=1e-12)
    routed = block.experts(block.norm_experts(first)).data
    np.testing.assert_allclose(second.data - first.data, routed, rtol=0, atol=1e-12)
    np.testing.assert_array_equal(block(x).data, second.data)
    assert len(_block().stream(Tensor(np.ones((B, T, D), np.float32)))) == 1


def test_without_residual_a_sublayer_takes_the_place_of_x():
    added, alone = (_block(np.float64, n_experts=2, residual=r) for r in (True, False))
    x = Tensor(_rng(3).standard_normal((B, T, D)))
    first, second = alone.stream(x)
    np.testing.assert_allclose(added.stream(x)[0].data, x.data + first.data, rtol=0, atol=1e-12)
    expected = alone.experts(alone.norm_experts(first)).data
    np.testing.assert_array_equal(second.data, expected)


def test_without_norm_a_sublayer_reads_the_stream_itself():
    block = _block(np.float64, n_experts=2, norm=None)
    x = Tensor(_rng(3).standard_normal((B, T, D)))
    first, second = block.stream(x)
    mixed = block.down(block.mixing(ops.gelu(block.up(x)))).data
    np.testing.assert_allclose(first.data - x.data, mixed, rtol=0, atol=1e-12)
    routed = block.experts(first).data
    np.testing.assert_allclose(second.data - first.data, routed, rtol=0, atol=1e-12)


def test_each_token_asks_as_many_experts_as_it_is_told_to():
    x = Tensor(_rng(3).standard_normal((B, T, D)))
    for top_k in (1, 2, 3):
        block = _block(np.float64, n_experts=3, top_k=top_k)
        for expert, says in zip(block.experts.experts, (1.0, 2.0, 4.0), strict=True):
            expert.down.w.data[...], expert.down.b.data[...] = 0.0, says
        first, second = block.stream(x)
        p = ops.softmax(block.experts.router(block.norm_experts(first))).data
        p = np.where(p >= np.sort(p)[..., -top_k, None], p, 0.0)
        p = p / p.sum(axis=-1, keepdims=True) if top_k > 1 else p
        expected = np.repeat((p @ np.array([1.0, 2.0, 4.0]))[..., None], D, axis=-1)
        np.testing.assert_allclose(second.data - first.data, expected, rtol=0, atol=1e-12)


def test_attention_is_added_to_the_gate():
    block = _block(np.float64, d_attention=5)
    x = Tensor(_rng(3).standard_normal((B, T, D)))
    h = block.norm(x)
    z = ops.gelu(block.up(h)).data
    v = block.mixing.mixing(block.mixing.norm(Tensor(z[..., F // 2 :]))).data
    gated = z[..., : F // 2] * (v + block.attention(h).data)
    expected = x.data + block.down(Tensor(gated)).data
    np.testing.assert_allclose(block(x).data, expected, rtol=0, atol=1e-12)


def test_a_new_scale_is_1_and_a_trained_one_multiplies():
    x = Tensor(_rng(3).standard_normal((B, T, D)).astype(np.float32))
    plain, scaled = _block(), _block(d_scale=2)
    scaled.load_state_dict(scaled.state_dict() | plain.state_dict())
    np.testing.assert_array_equal(scaled(x).data, plain(x).data)
    scaled = _block(np.float64, d_scale=2)
    x = Tensor(_rng(3).standard_normal((B, T, D)))
    factors = scaled.scale(scaled.norm(x)).data
    added = scaled(x).data - x.data
    scaled.scale = None
    np.testing.assert_allclose(added, factors * (scaled(x).data - x.data), rtol=0, atol=1e-12)
    assert np.all((factors > 0.0) & (factors < 2.0)) and factors.std() > 0.1


def test_dropout_acts_in_training_alone():
    block = _block(np.float32, dropout=0.5)
    x = Tensor(_rng(3).standard_normal((B, T, D)).astype(np.float32))
    y = block(x).data - x.data
    assert 0.2 < np.mean(y == 0.0) < 0.8
    block.eval()
    np.testing.assert_array_equal(block(x).data, block(x).data)


def test_a_class_of_activations_makes_one_and_an_instance_is_taken_as_it_is():
    assert isinstance(_block(activation=nn.AconC).activation, nn.AconC)
    swish = nn.Swish(F)
    assert _block(activation=swish).activation is swish
    assert _block(activation=ops.relu).activation is ops.relu


def test_tiny_attention_equals_a_single_head():
    tiny = nn.TinyAttention(D, D, D, rng=_rng())
    whole = nn.MultiHeadAttention(D, 1, rng=_rng())
    whole.load_state_dict(tiny.state_dict())
    x = Tensor(_rng(3).standard_normal((B, T, D)).astype(np.float32))
    np.testing.assert_allclose(tiny(x).data, whole(x).data, rtol=0, atol=1e-6)
