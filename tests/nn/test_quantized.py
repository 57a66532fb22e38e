"""Layers in few bits: what they compute with, what they hand back, and what they copy."""

from functools import partial

import numpy as np
import pytest

from tinyffn import Tensor, gradcheck, nn, ops, optim
from tinyffn.bits.schemes import binary, centred_binary
from tinyffn.bits.ternary import ternary
from tinyffn.bits.uniform import absmax, absmax_tokens


def _rng(seed=1):
    return np.random.default_rng(seed)


def _signs(w):
    return np.where(w >= 0, 1.0, -1.0)


LAYERS = {
    "BinaryLinear": lambda rng: nn.BinaryLinear(6, 4, rng=rng),
    "BinaryLinear, one scale": lambda rng: nn.BinaryLinear(6, 4, rng=rng, per="tensor"),
    "BinaryLinear, groups": lambda rng: nn.BinaryLinear(6, 4, rng=rng, per=4, bias=False),
    "BinaryLinear, no scale": lambda rng: nn.BinaryLinear(6, 4, rng=rng, per=None),
    "XnorLinear": lambda rng: nn.XnorLinear(6, 4, rng=rng),
    "XnorLinear without norm": lambda rng: nn.XnorLinear(6, 4, rng=rng, norm=None, per=2),
    "BitLinear b1": lambda rng: nn.BitLinear(6, 4, rng=rng, weights="b1", bias=True),
    "BitLinear b1.58": lambda rng: nn.BitLinear(6, 4, rng=rng),
    "BitLinear, weights alone": lambda rng: nn.BitLinear(
        6, 4, rng=rng, norm=None, token_bits=None
    ),
    "QuantizedLinear, 3 bits": lambda rng: nn.QuantizedLinear(
        6, 4, rng=rng, scheme=partial(absmax, bits=3)
    ),
}
every_layer = pytest.mark.parametrize("make", LAYERS.values(), ids=LAYERS)


def _random(layer, dtype=np.float64):
    rng = _rng(2)
    for p in layer.astype(dtype).parameters():
        p.data[...] = 0.5 * rng.standard_normal(p.shape) + 0.1
    return layer


# What each layer must compute with, written once more from the papers.
WEIGHTS = {
    "BinaryLinear": lambda w: np.abs(w).mean(axis=0) * _signs(w),
    "BinaryLinear, one scale": lambda w: np.abs(w).mean() * _signs(w),
    "BinaryLinear, groups": lambda w: np.concatenate(
        [np.abs(part).mean(axis=0) * _signs(part) for part in (w[:4], w[4:])]
    ),
    "BinaryLinear, no scale": _signs,
    "XnorLinear": lambda w: np.abs(w).mean(axis=0) * _signs(w),
    "XnorLinear without norm": lambda w: np.concatenate(
        [np.abs(part).mean(axis=0) * _signs(part) for part in (w[:2], w[2:4], w[4:])]
    ),
    "BitLinear b1": lambda w: np.abs(w).mean() * np.where(w - w.mean() > 0, 1.0, -1.0),
    "BitLinear b1.58": lambda w: np.abs(w).mean() * np.clip(np.round(w / np.abs(w).mean()), -1, 1),
    "BitLinear, weights alone": lambda w: WEIGHTS["BitLinear b1.58"](w),
    "QuantizedLinear, 3 bits": lambda w: (s := np.abs(w).max(axis=0) / 3) * np.round(w / s),
}


@pytest.mark.parametrize("name", LAYERS)
def test_the_codes_and_scales_are_those_of_the_paper(name):
    layer = _random(LAYERS[name](_rng()))
    expected = WEIGHTS[name](layer.w.data)
    np.testing.assert_allclose(layer.quantized().values(), expected, rtol=1e-14)


@pytest.mark.parametrize("name", LAYERS)
def test_what_is_computed_is_the_product_with_these(name):
    """Without a norm and on inputs that 8 bits hold exactly, nothing else is in the way."""
    layer = _random(LAYERS[name](_rng()))
    layer.norm = None
    x = _rng(3).integers(-127, 128, (5, 6)).astype(float)
    x[:, 0] = 127.0  # so that each token's scale is 1
    if isinstance(layer, nn.XnorLinear):
        x = _signs(x)
    b = 0.0 if layer.b is None else layer.b.data
    expected = x @ layer.quantized().values() + b
    np.testing.assert_allclose(layer(x).data, expected, rtol=1e-13, atol=1e-12)


@every_layer
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_types_are_kept(make, dtype):
    layer = _random(make(_rng()), dtype)
    x = Tensor(_rng(3).standard_normal((2, 3, 6)).astype(dtype), requires_grad=True)
    before = x.data.copy()
    y = layer(x)
    y.backward(np.ones_like(y.data))
    assert y.dtype == x.grad.dtype == layer.quantized().values().dtype == dtype
    assert all(p.grad.dtype == dtype for p in layer.parameters())
    assert np.array_equal(x.data, before)
    assert layer(np.zeros((0, 6), dtype)).shape == (0, 4)


@every_layer
def test_the_latent_weight_gets_the_gradient_of_the_rounded_one(make):
    """dw = dQ(w), the surrogate, with Q(w) in the place of w in the exact map."""
    layer = _random(make(_rng()))
    x, dy = _rng(3).standard_normal((5, 6)), _rng(4).standard_normal((5, 4))
    seen = []
    inner = nn.QuantizedLinear.__call__

    def spy(self, x):
        seen.append(x.data if isinstance(x, Tensor) else x)
        return inner(self, x)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(nn.QuantizedLinear, "__call__", spy)
        layer(x).backward(dy)
    np.testing.assert_allclose(layer.w.grad, seen[-1].T @ dy, rtol=1e-12, atol=1e-12)
    if layer.b is not None:
        np.testing.assert_allclose(layer.b.grad, dy.sum(axis=0), rtol=1e-12)


@every_layer
def test_the_input_gets_the_derivative_with_rounding_taken_as_a_line(make):
    """Of norm(x) Q(w) + b, and for signs of norm(x) cut off at ±1."""
    layer = _random(make(_rng()))
    x, dy = 2 * _rng(5).standard_normal((5, 6)), _rng(6).standard_normal((5, 4))
    norm = getattr(layer, "norm", None) or (lambda x: x)
    w = Tensor(layer.quantized().values())

    def stands_in(x):
        z = norm(x)
        if isinstance(layer, nn.XnorLinear):
            z = -ops.maximum(-ops.maximum(z, -1.0), -1.0)
        return ops.linear(z, w, layer.b)

    _, expected = gradcheck.as_pair(stands_in)(x)
    _, given = gradcheck.as_pair(layer)(x)
    np.testing.assert_allclose(given(dy)[0], expected(dy)[0], rtol=1e-12, atol=1e-12)
    gradcheck.check_pair(gradcheck.as_pair(stands_in), x, rng=_rng(7))
    if not isinstance(layer, nn.XnorLinear):
        return
    cut = np.abs(norm(Tensor(x)).data) > 1.0
    assert cut.any() and not cut.all()


def test_inputs_in_8_bits_are_whole_numbers_that_one_product_scales():
    layer = _random(nn.BitLinear(6, 4, rng=_rng(), norm=None))
    x = _rng(3).standard_normal((5, 6))
    codes, scale = absmax_tokens(x)
    w = layer.quantized()
    whole = codes.astype(int) @ w.codes.astype(int)
    np.testing.assert_allclose(layer(x).data, whole * scale * w.scale, rtol=1e-13, atol=1e-14)
    assert np.abs(codes).max(axis=-1).tolist() == [127] * 5


def test_xnor_products_are_counts_of_signs_that_agree():
    layer = _random(nn.XnorLinear(6, 4, rng=_rng(), bias=False))
    x = _rng(3).standard_normal((5, 6))
    z, w = layer.norm(Tensor(x)).data, layer.quantized()
    agree = (_signs(z)[:, :, None] == w.codes).sum(axis=1)
    beta = np.abs(z).mean(axis=1, keepdims=True)
    expected = beta * (2 * agree - 6) * w.scale
    np.testing.assert_allclose(layer(x).data, expected, rtol=1e-13, atol=1e-14)


def test_the_sign_of_zero_is_that_of_each_scheme():
    for layer, sign in (
        (nn.BinaryLinear(3, 2, rng=_rng()), 1),
        (nn.BinaryLinear(3, 2, rng=_rng(), per=None), 1),
        (nn.XnorLinear(3, 2, rng=_rng()), 1),
        (nn.BitLinear(3, 2, rng=_rng(), weights="b1"), -1),
        (nn.BitLinear(3, 2, rng=_rng()), 0),
    ):
        layer.w.data[...] = 0.0
        assert (layer.quantized().codes == sign).all()
        assert np.isfinite(layer(np.zeros((2, 3), np.float32)).data).all()


def test_an_input_of_0_has_the_sign_plus_one_among_signs():
    layer = _random(nn.XnorLinear(6, 4, rng=_rng(), norm=None, bias=False))
    x = np.array([[0.0, -3.0, 1.0, -2.0, 0.0, 6.0]])
    expected = 2.0 * np.array([[1, -1, 1, -1, 1, 1]]) @ layer.quantized().values()
    np.testing.assert_allclose(layer(x).data, expected, rtol=1e-13)


def test_small_inputs_are_not_lost_in_8_bits():
    layer = _random(nn.BitLinear(6, 4, rng=_rng(), norm=None))
    x = _rng(3).standard_normal((5, 6))
    np.testing.assert_allclose(layer(1e-3 * x).data, 1e-3 * layer(x).data, rtol=1e-10)


@pytest.mark.parametrize("value", [np.nan, np.inf])
@every_layer
def test_an_input_that_is_not_finite_is_seen_in_the_output(make, value):
    layer, x = _random(make(_rng())), _rng(3).standard_normal((2, 6))
    x[0, 2] = value
    with np.errstate(all="ignore"):
        y = layer(x).data
    assert not np.isfinite(y[0]).any() and np.isfinite(y[1]).all()


@every_layer
def test_a_latent_weight_that_is_not_a_number_is_named(make):
    layer = make(_rng())
    layer.w.data[1, 1] = np.nan
    with pytest.raises(ValueError, match=r"\w+: some weights are not finite: did the training"):
        layer(np.ones((2, 6), np.float32))


def test_what_the_layers_are_if_nothing_is_said():
    xnor, bit = nn.XnorLinear(6, 4, rng=_rng()), nn.BitLinear(6, 4, rng=_rng())
    b1 = nn.BitLinear(6, 4, rng=_rng(), weights="b1")
    norms = [type(layer.norm) for layer in (xnor, bit, b1)]
    assert norms == [nn.LayerNorm, nn.RMSNorm, nn.LayerNorm]
    assert all(layer.norm.training for layer in (xnor, bit, b1))
    assert bit.b is None and bit.token_bits == 8 and bit.quantized().levels == 3
    assert xnor.b is not None and xnor.quantized().scale.shape == (1, 4)
    rounded = nn.QuantizedLinear(6, 4, rng=_rng(), scheme=binary)
    assert rounded.b is not None and nn.BinaryLinear(6, 4, rng=_rng(), bias=False).b is None


def test_without_a_scale_a_weight_takes_one_bit_and_one_number():
    found = nn.BinaryLinear(6, 4, rng=_rng(), per=None).quantized()
    assert (found.levels, found.group, found.n_scales) == (2, 6, 1)
    assert found.scale.dtype == np.float32


KINDS = [nn.BinaryLinear, nn.XnorLinear, nn.BitLinear, partial(nn.QuantizedLinear, scheme=binary)]


@pytest.mark.parametrize("kind", KINDS, ids=["Binary", "Xnor", "Bit", "Quantized"])
def test_init_draws_the_latent_weight(kind):
    w = np.arange(24, dtype=np.float32).reshape(6, 4) - 11.5
    layer = kind(6, 4, rng=_rng(), init=lambda rng, shape: w.reshape(shape))
    assert np.array_equal(layer.w.data, w)


FROM = {
    "BinaryLinear": nn.BinaryLinear.from_linear,
    "XnorLinear": nn.XnorLinear.from_linear,
    "BitLinear b1": partial(nn.BitLinear.from_linear, weights="b1"),
    "BitLinear": partial(nn.BitLinear.from_linear, norm=None),
    "QuantizedLinear": partial(nn.QuantizedLinear.from_linear, scheme=binary),
}


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("make", FROM.values(), ids=FROM)
def test_from_linear_copies_the_weights(make, bias, dtype):
    """The layer computes with the signs of the given weights, and owns its copy of them."""
    linear = _random(nn.Linear(6, 4, rng=_rng(), bias=bias), dtype).eval()
    layer = make(linear)
    assert np.array_equal(layer.w.data, linear.w.data)
    assert (layer.b is None) == (not bias)
    assert not bias or np.array_equal(layer.b.data, linear.b.data)
    assert all(p.dtype == dtype for p in layer.parameters())
    assert not any(np.shares_memory(p.data, q.data) for p in layer.parameters()
                   for q in linear.parameters())  # fmt: skip
    agrees = np.sign(layer.quantized().values()) * np.sign(linear.w.data - linear.w.data.mean())
    assert (agrees >= 0).mean() > 0.8
    assert not layer.training


def test_a_float_models_state_fits():
    """Latent weights have the names of those of a Linear."""
    state = nn.Linear(6, 4, rng=_rng()).state_dict()
    layer = nn.BinaryLinear(6, 4, rng=_rng(2))
    layer.load_state_dict(state)
    assert np.array_equal(layer.w.data, state["w"])


def test_scheme_may_be_any_function_to_codes_and_scales():
    for scheme in (centred_binary, partial(ternary, threshold=0.7, scale="least squares")):
        linear = nn.Linear(6, 4, rng=_rng())
        layer = nn.QuantizedLinear.from_linear(linear, scheme=scheme)
        x = _rng(3).standard_normal((5, 6)).astype(np.float32)
        expected = x @ scheme(linear.w.data).values()
        np.testing.assert_allclose(layer(x).data, expected, rtol=1e-5, atol=1e-6)


def test_small_steps_add_up_until_a_sign_flips():
    """One weight, pulled down by 0.03 a step from 0.1: the output changes at the fourth step."""
    layer = nn.BinaryLinear(1, 1, rng=_rng(), bias=False, per=None)
    layer.w.data[...] = 0.1
    optimizer, outputs = optim.SGD(layer.parameters(), 0.03), []
    for _ in range(5):
        optimizer.zero_grad()
        y = layer(np.ones((1, 1), np.float32))
        outputs.append(y.item())
        y.backward()
        optimizer.step()
    assert outputs == [1, 1, 1, 1, -1]


def test_clip_latent_brings_back_what_lies_outside_and_nothing_else():
    model = nn.Sequential(nn.BinaryLinear(3, 2, rng=_rng()), nn.Linear(2, 2, rng=_rng()),
                          nn.XnorLinear(2, 3, rng=_rng()))  # fmt: skip
    for p in model.parameters():
        p.data[...] = np.linspace(-3, 3, p.size).reshape(p.shape)
    before = model.state_dict()
    nn.clip_latent(model, 1.5)
    for name, value in model.state_dict().items():
        clipped = name in ("layers.0.w", "layers.2.w")
        expected = np.clip(before[name], -1.5, 1.5) if clipped else before[name]
        assert np.array_equal(value, expected), name
    nn.clip_latent(model)
    assert np.abs(model.layers[0].w.data).max() == 1.0


def test_clip_latent_writes_in_place_and_leaves_layers_that_papers_do_not_clip():
    model = nn.Sequential(nn.BinaryLinear(3, 2, rng=_rng()), nn.BitLinear(2, 3, rng=_rng()))
    held = [layer.w.data for layer in model.layers]
    for w in held:
        w[...] = 9.0
    nn.clip_latent(model)
    assert model.layers[0].w.data is held[0] and (held[0] == 1.0).all() and (held[1] == 9.0).all()


MISTAKES = [
    (lambda: nn.QuantizedLinear(3, 2, rng=_rng(), scheme=2), TypeError,
     "QuantizedLinear: scheme is 2, but must be a function"),
    (lambda: nn.QuantizedLinear(3, 2, rng=_rng(), scheme=np.abs), TypeError,
     "QuantizedLinear: scheme gave a ndarray, but must give a Quantized"),
    (lambda: nn.QuantizedLinear(3, 2, rng=_rng(), scheme=lambda w: binary(w[:2])), ValueError,
     "QuantizedLinear: scheme gave codes (2, 2) for w (3, 2)"),
    (lambda: nn.BitLinear(3, 2, rng=_rng(), norm=None, token_bits=1), ValueError,
     "BitLinear: token_bits is 1, but must be a whole number from 2 to 8, or None"),
    (lambda: nn.BitLinear(3, 2, rng=_rng(), token_bits=8.0), ValueError,
     "BitLinear: token_bits is 8.0"),
    (lambda: nn.BinaryLinear.from_linear(np.ones((3, 2))), TypeError,
     "BinaryLinear: linear is a ndarray, but must be a Linear"),
    (lambda: nn.BitLinear(3, 2, rng=_rng(), weights="b2"), ValueError,
     "BitLinear: weights is 'b2', but must be \"b1\" or \"b1.58\""),
    (lambda: nn.BitLinear(3, 2, rng=_rng(), norm="rms"), TypeError,
     "BitLinear: norm is 'rms', but must be a function"),
    (lambda: nn.XnorLinear(3, 2, rng=_rng(), norm=3), TypeError, "XnorLinear: norm is 3"),
    (lambda: nn.XnorLinear(3, 2, rng=_rng(), per=0), ValueError, "binary: per is 0"),
    (lambda: nn.BinaryLinear(3, 2, rng=_rng(), per="row"), ValueError,
     "binary: per is 'row'"),
    (lambda: nn.BitLinear(3, 2, rng=_rng(), token_bits=9), ValueError,
     "BitLinear: token_bits is 9"),
    (lambda: nn.clip_latent(nn.BinaryLinear(3, 2, rng=_rng()), 0), ValueError,
     "clip_latent: limit is 0, but must be a number above 0"),
    (lambda: nn.clip_latent(nn.Linear(3, 2, rng=_rng())), ValueError,
     "clip_latent: the Linear has no BinaryLinear to clip"),
]  # fmt: skip


@pytest.mark.parametrize("mistake, error, message", MISTAKES, ids=[m[2] for m in MISTAKES])
def test_message(mistake, error, message):
    with pytest.raises(error) as caught:
        mistake()
    assert message in str(caught.value)
