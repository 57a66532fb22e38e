"""A model that runs from packed weights says what the one with the same weights unpacked says."""

from functools import partial

import numpy as np
import pytest

from tinyffn import Tensor, nn, ops
from tinyffn.bits.formats import Q1_0
from tinyffn.bits.schemes import binary
from tinyffn.bits.ternary import ternary
from tinyffn.bits.uniform import absmax
from tinyffn.bits.words import sign_words
from tinyffn.graph import no_grad
from tinyffn.models import generate, load_model, save_model, transformer
from tinyffn.nn import packed

SIGNS = partial(binary, per=24)  # 24 divides neither 64 nor the 64 or 80 rows below
MADE = {
    "signs by groups": {"scheme": SIGNS},
    "ternary": {"scheme": partial(ternary, per="column")},
    "one scale": {"scheme": partial(binary, per="tensor")},
    "8 bits": {"scheme": SIGNS, "activations": "int8"},
    "signs alone": {"scheme": SIGNS, "activations": "signs"},
    "half scales": {"scheme": partial(ternary, per=24), "scale_dtype": np.float16},
}
TRAINED = {
    "BinaryLinear": partial(nn.BinaryLinear.from_linear, per=24),
    "BitLinear b1": partial(nn.BitLinear.from_linear, weights="b1"),
    "BitLinear b1.58": nn.BitLinear.from_linear,
    "BitLinear, 4 bits, no norm": partial(nn.BitLinear.from_linear, token_bits=4, norm=None),
    "BitLinear, floats": partial(nn.BitLinear.from_linear, token_bits=None),
    "XnorLinear": nn.XnorLinear.from_linear,
}


def language_model(seed=0, **settings):
    sizes = {"vocab_size": 13, "context": 9, "d_model": 64, "n_heads": 4, "d_ff": 80, "n_layers": 2}
    model = transformer(**sizes, rng=np.random.default_rng(seed), **settings)
    rng = np.random.default_rng(seed + 100)
    for name, parameter in model.named_parameters():
        if name.endswith(".b"):  # biases begin at zero, where a forgotten one is not seen
            parameter.data[...] = rng.standard_normal(parameter.shape)
    return model


def logits(model, n_rows=3):
    ids = np.random.default_rng(1).integers(0, 13, (n_rows, 8))
    with no_grad():
        return model(ids).data


def unpacked(model):
    """The same model with a plain Linear of the unpacked values for each packed layer."""
    for name, layer in model.named_modules():
        if isinstance(layer, nn.PackedLinear):
            plain = nn.Linear(*layer.shape, rng=np.random.default_rng(0))
            plain.w.data[...] = layer.values()
            plain.b.data[...] = 0.0 if layer.bias is None else layer.bias
            owner = model
            *path, last = name.split(".")
            for step in path:
                owner = owner[int(step)] if step.isdigit() else getattr(owner, step)
            setattr(owner, last, plain)
    return model


@pytest.mark.parametrize("name", ["signs by groups", "ternary", "one scale", "half scales"])
@pytest.mark.parametrize("gated", [False, True])
def test_logits_are_those_of_the_unpacked_weights(name, gated):
    model = language_model(**({"gate_op": ops.swiglu} if gated else {}))
    small = nn.packed_model(model, which="all", **MADE[name])
    said, before = logits(small), logits(model)
    assert np.abs(said - logits(unpacked(small))).max() < 1e-5 * np.abs(said).max()
    assert np.abs(said - before).max() > 0.1
    assert np.array_equal(logits(model), before)  # the model itself is as it was
    weights = {n: p.data for n, p in model.named_parameters()}
    for layer_name, layer in small.named_modules():
        if isinstance(layer, nn.PackedLinear):
            stored = MADE[name]["scheme"](weights[f"{layer_name}.w"])
            scale = stored.scale.astype(layer.scale.dtype).astype(np.float32)
            assert np.array_equal(layer.values(), stored._replace(scale=scale).values())


@pytest.mark.parametrize("name", TRAINED)
def test_what_was_trained_in_few_bits_says_the_same_packed(name):
    model = language_model()
    nn.replace_linears(model, TRAINED[name], which="all")
    model.eval()
    said = logits(nn.packed_model(model))
    assert np.abs(said - logits(model)).max() < 2e-5 * np.abs(said).max()


@pytest.mark.parametrize("scheme", [binary, ternary])
@pytest.mark.parametrize("rows", [(), (1,), (2,), (3,), (5,), (2, 1), (2, 3), (0,)])
def test_inputs_of_8_bits_are_the_same_by_planes_and_by_blas(rows, scheme):
    rng = np.random.default_rng(2)
    w, b = rng.standard_normal((100, 7)).astype(np.float32), rng.standard_normal(7)
    layer = nn.PackedLinear(scheme(w, per=30), bias=b, activations="int8")
    x = rng.standard_normal((*rows, 100)).astype(np.float32)
    scale = np.abs(x).max(axis=-1, keepdims=True) / 127
    expected = scale * np.rint(x / scale) @ layer.values() + b
    with no_grad():
        y = layer(Tensor(x)).data
    assert (y.dtype, y.shape) == (np.float32, (*rows, 7))
    assert np.allclose(y, expected, rtol=1e-5, atol=1e-4)


@pytest.mark.parametrize("scheme", [binary, ternary])
def test_inputs_in_signs(scheme):
    rng = np.random.default_rng(3)
    layer = nn.PackedLinear(scheme(rng.standard_normal((100, 7)), per=30), activations="signs")
    x = rng.standard_normal((2, 3, 100)).astype(np.float32)
    beta = np.abs(x).mean(axis=-1, keepdims=True)
    expected = beta * np.where(x >= 0, 1, -1) @ layer.values()
    assert np.allclose(layer(Tensor(x)).data, expected, rtol=1e-5, atol=1e-4)


@pytest.mark.parametrize("name", MADE)
def test_generation_with_caches_goes_as_without(name):
    small = nn.packed_model(language_model(), which="all", **MADE[name])
    ids = np.array([[1, 5, 2], [4, 4, 0]])
    with_caches, without = (
        [token.tolist() for token in generate(small, ids, 12, temperature=0.0, use_cache=use)]
        for use in (True, False)
    )
    assert with_caches == without and len(with_caches) == 12


def test_whole_numbers_go_through_floats_only_as_far_as_these_are_exact():
    assert packed.LARGEST_EXACT * 2**7 == 2**24
    one_more = np.arange(2**24 - 1, 2**24 + 2)
    assert (one_more.astype(np.float32) == one_more).tolist() == [True, True, False]


def test_a_packed_layer_has_a_norm_of_its_own():
    layer = nn.BitLinear(8, 3, rng=np.random.default_rng(0))
    packed_layer = nn.PackedLinear.from_linear(layer)
    before = packed_layer(Tensor(np.ones((1, 8), np.float32))).data
    layer.norm.gain.data[...] = np.arange(8)
    assert np.array_equal(packed_layer(Tensor(np.ones((1, 8), np.float32))).data, before)


def test_a_plain_layer_is_given_eight_bits():
    linear = nn.Linear(8, 3, rng=np.random.default_rng(0))
    layer = nn.PackedLinear.from_linear(linear, scheme=binary, activations="int8")
    assert (layer.activations, layer.token_bits) == ("int8", 8)
    of_four = nn.BitLinear.from_linear(linear, token_bits=4)
    assert nn.PackedLinear.from_linear(of_four).token_bits == 4


def test_bytes_are_counted_exactly():
    w = np.random.default_rng(4).standard_normal((256, 10)).astype(np.float32)
    layer = nn.PackedLinear(binary(w, per=128), bias=np.zeros(10), scale_dtype=np.float16)
    assert layer.size_bytes() == 256 * 10 // 8 + 2 * 2 * 10 + 4 * 10
    ternary_layer = nn.PackedLinear(ternary(w, per=128), scale_dtype=np.float16)
    assert ternary_layer.size_bytes() == 2 * 256 * 10 // 8 + 2 * 2 * 10
    assert layer.n_parameters() == 0 and nn.Linear(3, 5, rng=np.random.default_rng(0)).shape == (
        3,
        5,
    )
    model = language_model()
    assert model.size_bytes() == 4 * model.n_parameters()
    small = nn.packed_model(model, scheme=binary, which="ffn")
    ffn = [m for _, m in small.named_modules() if isinstance(m, nn.PackedLinear)]
    assert len(ffn) == 4
    left = 4 * small.n_parameters()
    assert small.size_bytes() == left + sum(layer.size_bytes() for layer in ffn)
    line = "up: PackedLinear  words_64_by_64 (1, 1, 1, 80), scale (1, 80), bias (80,)  [0]"
    assert line in repr(small)


def test_at_a_group_of_128_it_takes_a_28th_of_float32():
    w = np.random.default_rng(4).standard_normal((512, 64)).astype(np.float32)
    layer = nn.PackedLinear(binary(w, per=128), scale_dtype=np.float16)
    assert w.nbytes / layer.size_bytes() == 32 / 1.125 > 28
    weight = Q1_0.read(Q1_0.write(w))  # what a file has in 16 bits loses nothing
    layer = nn.PackedLinear(weight, scale_dtype=np.float16)
    assert np.array_equal(layer.values(), weight.values())


def test_packed_signs_are_taken_as_they_are():
    packed = sign_words(SIGNS(np.random.default_rng(4).standard_normal((50, 3))))
    layer = nn.PackedLinear(packed)
    assert layer.words.base is packed.words and layer.shape == (50, 3)
    assert np.allclose(layer.values(), packed.quantized().values())


def test_state_goes_round_and_fits_only_what_was_packed_alike(tmp_path):
    settings = {"which": "all", "scheme": SIGNS, "scale_dtype": np.float16}
    small = nn.packed_model(language_model(), **settings)
    save_model(tmp_path / "small.npz", small, group=24)
    other, about = load_model(
        tmp_path / "small.npz", lambda about: nn.packed_model(language_model(seed=7), **settings)
    )
    assert about == {"group": 24} and np.array_equal(logits(other), logits(small))
    with pytest.raises(ValueError, match=r"built otherwise: missing .*, unknown .*words"):
        language_model().load_state_dict(small.state_dict())
    state = small.state_dict()
    words = "blocks.0.feed_forward.up.words_64_by_24"
    state[words] = state[words].astype(float)
    with pytest.raises(ValueError, match=r"up\.words_64_by_24 is float64 .* must be uint64"):
        small.load_state_dict(state)
    with pytest.raises(ValueError, match="save_gguf: some layers are packed already"):
        nn.save_gguf(tmp_path / "small.gguf", small)


@pytest.mark.parametrize(("d_in", "per"), [(64, 25), (63, 24)])
def test_words_of_other_rows_or_groups_are_refused(d_in, per):
    w = np.random.default_rng(5).standard_normal((64, 3), np.float32)
    mine = nn.PackedLinear(binary(w, per=24))
    others = nn.PackedLinear(binary(w[:d_in], per=per))
    assert mine.words.shape == others.words.shape and mine.scale.shape == others.scale.shape
    before = mine.values()
    with pytest.raises(ValueError, match=f"missing words_64_by_24, unknown words_{d_in}_by_{per}"):
        mine.load_state_dict(others.state_dict())
    assert np.array_equal(mine.values(), before)


def dyadic(scheme, w):
    """The scheme's codes, and scales of few digits, so that no sum below is ever rounded."""
    found = scheme(w)
    rng = np.random.default_rng(6)
    return found._replace(scale=2.0 ** rng.integers(-3, 4, found.scale.shape).astype(np.float32))


@pytest.mark.parametrize("activations", ["float", "int8", "signs"])
@pytest.mark.parametrize("n_rows", [1, 5])
@pytest.mark.parametrize("scheme", [binary, ternary])
@pytest.mark.parametrize("per", [1, 24, 64, 65, "column", "tensor"])
@pytest.mark.parametrize("d_in", [1, 63, 65, 129, 257])
def test_packed_equals_unpacked_exactly_at_any_size(d_in, per, scheme, n_rows, activations):
    rng = np.random.default_rng(d_in)
    for d_out in (1, 7):
        w = dyadic(partial(scheme, per=per), rng.standard_normal((d_in, d_out), np.float32))
        layer = nn.PackedLinear(w, activations=activations)
        x = rng.integers(-127, 128, (n_rows, d_in)).astype(np.float32)
        x[:, 0] = 127  # so that whole numbers of 8 bits have the step 1
        if activations == "signs":
            x = np.where(x >= 0, np.float32(2), np.float32(-2))  # and signs the step 2
        assert np.array_equal(layer.values(), w.values())
        assert np.array_equal(layer(Tensor(x)).data, x @ w.values())


def test_sums_too_large_for_float32_are_added_up_as_whole_numbers():
    d_in = 2 * packed.LARGEST_EXACT
    layer = nn.PackedLinear(binary(np.ones((d_in, 1), np.float32)), activations="int8")
    x = np.random.default_rng(8).integers(100, 128, (3, d_in)).astype(np.float32)
    x[:, 0] = 127
    exact = x.astype(np.int64).sum(axis=1)  # above 2^24, where float32 has even numbers only
    assert np.array_equal(layer(Tensor(x)).data[:, 0], exact.astype(np.float32))


def test_backward_is_refused():
    small = nn.packed_model(language_model(), which="ffn", scheme=binary)
    loss = small.loss(np.array([[1, 2]]), np.array([[2, 3]]))
    with pytest.raises(RuntimeError, match="packed weights are for inference, so nothing flows"):
        loss.backward()


def test_a_maxout_layer_runs_from_packed_weights():
    rng = np.random.default_rng(5)
    layer = nn.MaxoutFeedForward(6, 10, rng=rng)
    nn.replace_linears(layer, partial(nn.PackedLinear.from_linear, scheme=binary))
    x = Tensor(rng.standard_normal((3, 6)).astype(np.float32))
    assert layer(x).shape == (3, 6) and layer(Tensor(x.data[:0])).shape == (0, 6)


def test_bad_input_is_named():
    rng = np.random.default_rng(6)
    w = rng.standard_normal((8, 3)).astype(np.float32)
    linear = nn.Linear(8, 3, rng=rng)
    layer = nn.PackedLinear(binary(w))
    refused = [
        (lambda: nn.PackedLinear(binary(w), activations="int4"), ValueError,
         "PackedLinear: activations is 'int4', but must be \"float\", \"int8\" or \"signs\""),
        (lambda: nn.PackedLinear(absmax(w, 4)), ValueError, "as_signs: a Quantized of 15 levels"),
        (lambda: nn.PackedLinear(w), TypeError, "quantized is a ndarray, but must be a Q"),
        (lambda: nn.PackedLinear(binary(w), token_bits=1), ValueError,
         "PackedLinear: token_bits is 1, but must be a whole number from 2 to 8"),
        (lambda: nn.PackedLinear(binary(w), token_bits=9), ValueError, "token_bits is 9"),
        (lambda: nn.PackedLinear(binary(w), token_bits=None), ValueError, "token_bits is None"),
        (lambda: nn.PackedLinear(binary(w), scale_dtype=np.int8), TypeError,
         "sign_words: scale_dtype is int8, but scales must be floats"),
        (lambda: nn.PackedLinear(binary(w), bias=np.zeros(8)), ValueError,
         r"PackedLinear: bias \(8,\) must be \(d_out\) = \(3,\)"),
        (lambda: nn.PackedLinear.from_linear(linear), ValueError,
         "PackedLinear: a Linear needs a scheme, such as bits.binary"),
        (lambda: nn.PackedLinear.from_linear(nn.BitLinear(8, 3, rng=rng), scheme=binary),
         ValueError, "PackedLinear: a BitLinear has a scheme of its own"),
        (lambda: nn.PackedLinear.from_linear(layer), TypeError, "linear is a PackedLinear, but"),
        (lambda: layer(Tensor(np.ones((2, 7), np.float32))), ValueError,
         r"PackedLinear: x \(2, 7\) does not fit packed weights \(8, 3\)"),
        (lambda: layer(Tensor(np.ones((2, 8)))), TypeError, "x is float64, but packed weights"),
        (lambda: nn.packed_model(language_model()), ValueError, "chooses no Linear"),
    ]  # fmt: skip
    for make, error, message in refused:
        with pytest.raises(error, match=message):
            make()
