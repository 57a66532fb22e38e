"""A whole model in a GGUF file: its signs come back as they were trained, and the file is small."""

from functools import partial

import numpy as np
import pytest

from tinyffn import nn
from tinyffn.bits.formats import Q1_0, TQ2_0, Blocks, half_scales
from tinyffn.bits.gguf import gguf_bytes, read_gguf, write_gguf
from tinyffn.graph import no_grad
from tinyffn.models import LanguageModel
from tinyffn.nn.gguf import _numbers

FFN = [f"blocks.{i}.feed_forward.{part}.w" for i in range(2) for part in ("up", "down")]


def language_model(seed=0):
    rng = np.random.default_rng(seed)
    blocks = [
        nn.TransformerBlock(
            128,
            nn.MultiHeadAttention(128, 4, rng=rng),
            nn.FeedForward(128, 256, rng=rng),
            rng=rng,
        )
        for _ in range(2)
    ]
    return LanguageModel(11, 6, 128, blocks, rng=rng).astype(np.float32)


def logits(model):
    ids = np.random.default_rng(1).integers(0, 11, size=(3, 6))
    with no_grad():
        return model(ids).data


def is_ffn(name):
    return ".feed_forward." in name


# Most of these have other codes or other scales than the format would choose for their weights.
TRAINED = {
    "groups": (partial(nn.BinaryLinear.from_linear, per=128), Q1_0),
    "columns": (nn.BinaryLinear.from_linear, Q1_0),
    "b1": (partial(nn.BitLinear.from_linear, weights="b1", norm=None), Q1_0),
    "b1.58": (partial(nn.BitLinear.from_linear, norm=None), TQ2_0),
}


@pytest.mark.parametrize("name", TRAINED)
def test_what_is_stored_is_what_was_trained(tmp_path, name):
    make, form = TRAINED[name]
    linear = nn.Linear(256, 5, rng=np.random.default_rng(0))
    linear.w.data[...] = np.random.default_rng(9).normal(0.3, 1, (256, 5))  # signs less a mean
    linear.w.data[128:] *= 3  # two groups that differ
    layer = make(linear)
    assert nn.save_gguf(tmp_path / "a.gguf", layer, form=form) == ["w"]
    stored = read_gguf(tmp_path / "a.gguf").tensors["w"].quantized().values()
    assert np.array_equal(stored, half_scales(layer.quantized()).values())


@pytest.mark.parametrize("rest", ["F32", "F16"])
def test_a_model_trained_in_signs_comes_back_with_them(tmp_path, rest):
    model, path = language_model(), tmp_path / "model.gguf"
    nn.replace_linears(model, partial(nn.BinaryLinear.from_linear, per=128))
    assert nn.save_gguf(path, model, rest=rest, metadata={"vocab_size": 11}) == FFN

    _, tensors = read_gguf(path)
    assert list(tensors) == [name for name, _ in model.named_parameters()]
    for name, layer in model.named_modules():
        if isinstance(layer, nn.BinaryLinear):
            stored = tensors[f"{name}.w"].quantized()
            assert np.array_equal(stored.codes, layer.quantized().codes)
            assert np.array_equal(stored.scale, half_scales(layer.quantized()).scale)

    plain = language_model(seed=5)
    assert nn.load_gguf(path, plain) == {"vocab_size": 11}
    for name, parameter in plain.named_parameters():
        if name not in FFN:
            kept = dict(model.named_parameters())[name].data
            assert np.array_equal(parameter.data, kept.astype(tensors[name].dtype))
    assert np.allclose(logits(plain), logits(model), atol=2e-2)
    if rest == "F32":
        assert np.abs(logits(plain) - logits(language_model())).max() > 0.1  # signs are not floats


def test_layers_that_were_not_trained_in_signs_are_quantized_by_the_format(tmp_path):
    model, path = language_model(), tmp_path / "model.gguf"
    assert nn.save_gguf(path, model, which=is_ffn) == FFN
    w = dict(model.named_parameters())[FFN[0]].data
    assert np.array_equal(read_gguf(path).tensors[FFN[0]].rows, Q1_0.write(w))
    nn.save_gguf(path, model, which=lambda name: name == "blocks.1.feed_forward.down", form=TQ2_0)
    packed = {n: t for n, t in read_gguf(path).tensors.items() if isinstance(t, Blocks)}
    assert {name: tensor.format for name, tensor in packed.items()} == {FFN[3]: TQ2_0}


def test_the_file_is_as_long_as_predicted(tmp_path):
    model, path = language_model(), tmp_path / "model.gguf"
    nn.save_gguf(path, model, which=is_ffn, rest="F16")
    shapes = {
        name: ("Q1_0", p.shape[::-1]) if name in FFN else ("F16", p.shape)
        for name, p in model.named_parameters()
    }
    assert path.stat().st_size == gguf_bytes(shapes)
    n_ffn = sum(p.size for name, p in model.named_parameters() if name in FFN)
    whole = 2 * model.n_parameters()
    assert path.stat().st_size < whole - n_ffn * (2 - 1.125 / 8) + 4000


def test_a_model_without_signs_is_stored_as_floats(tmp_path):
    model, path = language_model(), tmp_path / "model.gguf"
    assert nn.save_gguf(path, model) == []
    other = language_model(seed=5)
    nn.load_gguf(path, other)
    assert np.array_equal(logits(other), logits(model))


def test_one_layer_alone(tmp_path):
    layer = nn.Linear(128, 3, rng=np.random.default_rng(2))
    assert nn.save_gguf(tmp_path / "a.gguf", layer, which=lambda name: True) == ["w"]


def test_a_weight_that_two_layers_share_is_packed_whichever_is_chosen(tmp_path):
    rng = np.random.default_rng(3)
    layers = nn.FeedForward(128, 128, rng=rng)
    layers.down.w = layers.up.w
    for chosen in ("up", "down"):
        path = tmp_path / f"{chosen}.gguf"
        assert nn.save_gguf(path, layers, which=lambda name, c=chosen: name == c) == ["up.w"]
        assert np.array_equal(read_gguf(path).tensors["up.w"].rows, Q1_0.write(layers.up.w.data))


@pytest.mark.parametrize("dtype", ["<f2", ">f2", "<f4", ">f4"])
def test_numbers_of_a_file_are_turned_into_those_of_the_machine(dtype):
    numbers = _numbers("a.gguf", "w", np.arange(3, dtype=dtype))
    assert numbers.dtype == np.float32 and numbers.tolist() == [0.0, 1.0, 2.0]


def test_numbers_that_are_not_finite_are_neither_written_nor_read(tmp_path):
    layer, path = nn.Linear(128, 3, rng=np.random.default_rng(0)), tmp_path / "a.gguf"
    before, rows = layer.w.data.copy(), Q1_0.write(layer.w.data)
    rows[0, :2] = 0, 0x7C  # float16 infinity, where the scale stands
    rest = {"b": np.zeros(3, np.float32)}
    write_gguf(path, {"w": Blocks(Q1_0, rows)} | rest)
    with pytest.raises(ValueError, match=r"load_gguf: .*a\.gguf: w: Q1_0.read: a scale is not fin"):
        nn.load_gguf(path, layer)
    write_gguf(path, {"w": np.full((128, 3), np.nan, np.float32)} | rest)
    with pytest.raises(ValueError, match=r"load_gguf: .*a\.gguf: w: some numbers are not finite"):
        nn.load_gguf(path, layer)
    assert np.array_equal(layer.w.data, before)
    layer.b.data[1] = np.inf
    with pytest.raises(ValueError, match="save_gguf: a number in b is not finite: did the tra"):
        nn.save_gguf(tmp_path / "b.gguf", layer)
    assert not (tmp_path / "b.gguf").exists()


def test_bad_input_is_named_and_changes_nothing(tmp_path):
    model, path = language_model(), tmp_path / "model.gguf"
    with pytest.raises(ValueError, match="rest is 'F8', but must be \"F32\" or \"F16\""):
        nn.save_gguf(path, model, rest="F8")
    with pytest.raises(ValueError, match=r"which chooses none of blocks\.0\.attention"):
        nn.save_gguf(path, model, which=lambda name: False)
    with pytest.raises(ValueError, match="d_in is 128, but must be a multiple of 256"):
        nn.save_gguf(path, model, which=is_ffn, form=TQ2_0)
    model.norm.gain.data[0] = 1e6
    with pytest.raises(ValueError, match=r"a number in norm\.gain is too large for float16"):
        nn.save_gguf(path, model, rest="F16")
    assert not list(tmp_path.iterdir())

    write_gguf(path, {"w": np.ones(3, np.float32)})
    before = logits(model)
    with pytest.raises(ValueError, match="was built otherwise: missing"):
        nn.load_gguf(path, model)
    write_gguf(path, {FFN[0]: Blocks(Q1_0, Q1_0.write(np.ones((128, 3), np.float32)))})
    with pytest.raises(ValueError, match=r"up.w is \(128, 3\), but the model's is \(128, 256\)"):
        nn.load_gguf(path, model)
    assert np.array_equal(logits(model), before)
