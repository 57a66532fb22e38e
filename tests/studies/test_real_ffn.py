"""The real layer, small: same sums as a plain one, bytes as counted. No time is asserted here.

But for the kept file: its times have the order that lesson 18 tells.
"""

import itertools

import numpy as np
import pytest

from tinyffn import Tensor, no_grad
from tinyffn.studies import real_ffn, results

SMALL = {"d_model": 128, "d_ff": 384}


def rng():
    return np.random.default_rng(1)


def test_the_layer_computes_what_its_unpacked_weights_do():
    layer = real_ffn.real_ffn(rng(), **SMALL)
    x = rng().standard_normal((3, 128)).astype(np.float32)
    gate, up, down = (
        real_ffn.unpacked(part.parts()[0], np.float64)
        for part in (layer.gate, layer.up, layer.down)
    )
    assert np.array_equal(gate.astype(np.float32), layer.gate.values())
    z = x @ gate
    expected = z / (1.0 + np.exp(-z)) * (x @ up) @ down
    with no_grad():
        y = layer(Tensor(x)).data
    assert np.allclose(y, expected, atol=1e-5 * np.abs(expected).max())
    assert 0.0 < real_ffn.error_of(layer, x) < 1e-5
    assert 0.1 < y.std() < 10.0  # about as large as inputs
    layer.up.words[...] ^= np.uint64(1)  # another layer: the error is one of the layer given
    assert real_ffn.error_of(layer, x) < 1e-5


def test_an_error_would_be_seen(monkeypatch):
    layer = real_ffn.real_ffn(rng(), **SMALL)
    x = rng().standard_normal((3, 128)).astype(np.float32)
    right = layer.gate.product
    monkeypatch.setattr(layer.gate, "product", lambda x: 1.01 * right(x))
    assert real_ffn.error_of(layer, x) > 1e-3


@pytest.mark.parametrize("seed", range(4))
def test_an_error_is_a_share_of_the_largest_output(monkeypatch, seed):
    layer = real_ffn.real_ffn(np.random.default_rng(seed), **SMALL)
    x = np.random.default_rng(seed).standard_normal((1, 128)).astype(np.float32)
    right = layer.down.product
    monkeypatch.setattr(layer.down, "product", lambda x: 1.25 * right(x))
    assert real_ffn.error_of(layer, x) == pytest.approx(0.25, rel=1e-4)


@pytest.mark.parametrize("n_tokens", [1, 4])
def test_all_programs_that_are_timed_multiply_the_same_numbers(monkeypatch, n_tokens):
    seen = []

    def in_turn(programs, calls, clock):
        x, w = programs["float32"].args
        assert (x.dtype, w.dtype) == (np.float32, np.float32) and len(x) == n_tokens
        seen.append(w.shape)
        right = x @ w
        for way, nearly in (("float32", 1e-6), ("floats", 1e-5), ("8 bits", 0.03)):
            assert np.abs(programs[way]() - right).max() < nearly * np.abs(right).max()
        signs = np.abs(x).mean(axis=-1, keepdims=True) * np.where(x >= 0, 1, -1) @ w
        np.testing.assert_allclose(programs["signs"](), signs, atol=1e-4)
        return {name: [1.0, 5.0, 2.0] for name in programs}

    monkeypatch.setattr(real_ffn, "in_turn", in_turn)
    taken = real_ffn.milliseconds(real_ffn.real_ffn(rng(), **SMALL), n_tokens, rng())
    assert taken == dict.fromkeys(real_ffn.ARMS, 3 * 2000.0)  # the median, of three matrices
    assert seen == [(128, 384), (128, 384), (384, 128)]


def test_tilewise_is_the_whole_product():
    packed = real_ffn.random_signs(128, 100, rng(), group=64)
    x = rng().standard_normal((2, 128))
    assert packed.scale.dtype == np.float16
    assert np.allclose(real_ffn.tilewise(x, packed), x @ real_ffn.unpacked(packed, np.float64))


def test_bytes_at_the_real_size_by_arithmetic():
    layer = real_ffn.real_ffn(rng(), **SMALL)
    n = 3 * 128 * 384
    assert layer.size_bytes() == n / 8 + 2 * n / 128 == n * 1.125 / 8
    real = 3 * real_ffn.D_MODEL * real_ffn.D_FF
    assert real == 150_994_944  # as published_sizes and the ledger of models have it
    assert 4 * real / (real * 1.125 / 8) == pytest.approx(32 / 1.125)


def test_every_arm_is_timed_on_every_matrix(monkeypatch):
    """By a clock that goes on a millisecond each time that it is read."""
    ticks = itertools.count()
    runs = real_ffn.run(3, **SMALL, tokens=(1, 4), calls=2)
    taken = real_ffn.milliseconds(
        real_ffn.real_ffn(rng(), **SMALL), 1, rng(), calls=3, clock=lambda: next(ticks) / 1000
    )
    assert taken == pytest.approx(dict.fromkeys(real_ffn.ARMS, 3.0))  # a millisecond a matrix
    assert [each["arm"] for each in runs] == list(real_ffn.ARMS)
    assert all(len(each["ms"]) == 2 and each["value"] == each["ms"][0] for each in runs)
    assert runs[0]["weight_bytes"] / runs[1]["weight_bytes"] == pytest.approx(32 / 1.125)
    assert runs[1]["error"] < 1e-5


def test_memory_beside_the_weights():
    layer = real_ffn.real_ffn(rng(), **SMALL)
    one, many = (real_ffn.working_bytes(layer, n, rng()) for n in (1, 2000))
    assert one < many and many > 2000 * 384 * 4


def test_a_copy_is_counted_twice():
    ticks = itertools.count()
    rate = real_ffn.copied_per_second(size_bytes=8000, calls=1, clock=lambda: next(ticks) / 4)
    assert rate == 64_000


def test_what_is_kept():
    kept = results.load("real_ffn")
    assert {each["arm"] for each in kept["runs"]} == set(real_ffn.ARMS)
    assert sorted({each["seed"] for each in kept["runs"]}) == list(real_ffn.SEEDS) == [1, 2, 3]
    sizes = {name: kept["settings"][name] for name in ("d_model", "d_ff", "group", "calls")}
    assert sizes == {"d_model": 4096, "d_ff": 12288, "group": 128, "calls": real_ffn.CALLS}
    assert kept["settings"]["tokens"] == list(real_ffn.TOKENS)
    times = {(each["arm"], each["seed"]): each["ms"] for each in kept["runs"]}
    for seed in real_ffn.SEEDS:
        assert times["signs", seed][0] < times["8 bits", seed][0] < times["float32", seed][0]
        assert times["float32", seed][1] < times["floats", seed][1]  # prompts: unpacking costs
    for each in kept["runs"]:
        share = each["weight_bytes"] / (4 * 150_994_944)
        assert share == (1.0 if each["arm"] == "float32" else 1.125 / 32)
        assert each["arm"] != "floats" or each["error"] < 1e-5


def test_scales_are_as_the_inverse_root_of_d_in_and_a_copy_leaves_every_cache():
    scale = real_ffn.random_signs(1024, 500, rng()).scale.astype(float) * 1024**0.5
    assert 0.499 < scale.min() < 0.51 and 1.49 < scale.max() < 1.501
    assert abs(scale.mean() - 1) < 0.02
    assert real_ffn.COPIED >= 2**28


def test_groups_must_fit():
    with pytest.raises(ValueError, match="random_signs: groups of 128 must divide d_in = 100"):
        real_ffn.random_signs(100, 3, rng())
