"""Block formats: bytes by hand, bytes of a slow second implementation, and what is refused."""

import struct
import tracemalloc

import numpy as np
import pytest

from tinyffn.bits.formats import FORMATS, Q1_0, Q2_0, TQ1_0, TQ2_0, Blocks, half_scales
from tinyffn.bits.quantized import Quantized
from tinyffn.bits.schemes import binary
from tinyffn.bits.ternary import ternary

EACH = pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)


def column(values, n):
    """A weight (n, 1) of zeros but for {row: value}."""
    w = np.zeros((n, 1), np.float32)
    for i, value in values.items():
        w[i] = value
    return w


def test_q1_0_by_hand():
    w = np.full((128, 1), 0.5, np.float32)
    w[0] = w[9] = -0.5
    assert Q1_0.write(w).tobytes().hex() == "0038" + "fefd" + "ff" * 14  # 0.5 in fp16 is 0x3800


def test_q2_0_by_hand():
    w = column({0: 1, 1: -1, 2: 0.5, 3: -0.49, 63: -0.5}, 64)
    assert Q2_0.write(w).tobytes().hex() == "003c" + "62" + "55" * 14 + "15"
    two = Quantized(column({5: 2}, 64).astype(np.int8), np.float32([[1]]), 64, 4)
    assert Q2_0.write(two).tobytes().hex() == "003c" + "55" + "5d" + "55" * 14


def test_tq1_0_by_hand():
    blocks = TQ1_0.write(column({0: 2, 160: -2, 252: 1}, 256))  # 1 / 2 is rounded to 1
    expected = np.array([128] * 48 + [127] * 4 + [0, 0x40], np.uint8)  # digits 1 1 1 1 1, 1 1 1 1 0
    expected[0] = 213  # digits 2 1 1 1 1 are 202, and 202 * 256 / 243 is 212.8
    expected[32] = 43  # digits 0 1 1 1 1 are 40: 42.1
    expected[48] = 130  # digits 1 1 1 2 0 are 123: 129.6
    assert np.array_equal(blocks[0], expected)


def test_tq2_0_by_hand():
    blocks = TQ2_0.write(column({0: 2, 33: -2, 224: 2}, 256))
    expected = np.array([0x55] * 64 + [0, 0x40], np.uint8)
    expected[[0, 1, 32]] = 0b01_01_01_10, 0b01_01_00_01, 0b10_01_01_01
    assert np.array_equal(blocks[0], expected)


def test_q1_0_adds_magnitudes_from_the_first_to_the_last_in_float32():
    w = np.full((128, 2), 2.0**-25, np.float32)
    w[0, 0] = w[127, 1] = 1 + 2.0**-11
    # 1 + 2^-11 over 128 lies halfway between two numbers of fp16 and goes to the even one, 2^-7.
    # Each 2^-25 added to it is lost; added to one another first, they lift it over the middle.
    assert [row[:2].tobytes().hex() for row in Q1_0.write(w)] == ["0020", "0120"]


def slow_q1_0(x):
    total = np.float32(0)
    for v in x:
        total = np.float32(total + abs(v))
    bits = [0] * 16
    for j, v in enumerate(x):
        bits[j // 8] |= (1 << j % 8) if v >= 0 else 0
    return struct.pack("<e", np.float32(total / np.float32(128))) + bytes(bits)


def slow_codes(x):
    """Codes plus 1, and the scale."""
    scale = np.float32(max(abs(v) for v in x))
    inverse = np.float32(1) / scale if scale else np.float32(0)
    shares = [float(np.float32(v * inverse)) for v in x]
    codes = [0 if abs(s) < 0.5 else (1 if s > 0 else -1) for s in shares]
    return [code + 1 for code in codes], struct.pack("<e", scale)


def slow_q2_0(x):
    digits, scale = slow_codes(x)
    packed = [sum(digits[4 * i + n] * 4**n for n in range(4)) for i in range(16)]
    return scale + bytes(packed)


def slow_tq1_0(x):
    digits, scale = slow_codes(x)
    packed = []
    for places in (
        *([m + 32 * n for n in range(5)] for m in range(32)),
        *([160 + m + 16 * n for n in range(5)] for m in range(16)),
        *([240 + m + 4 * n for n in range(4)] for m in range(4)),
    ):
        q = sum(digits[i] * 3 ** (4 - n) for n, i in enumerate(places))
        packed.append(-(-q * 256 // 243))
    return bytes(packed) + scale


def slow_tq2_0(x):
    digits, scale = slow_codes(x)
    packed = [
        sum(digits[j + m + 32 * n] * 4**n for n in range(4)) for j in (0, 128) for m in range(32)
    ]
    return bytes(packed) + scale


SLOW = {"Q1_0": slow_q1_0, "Q2_0": slow_q2_0, "TQ1_0": slow_tq1_0, "TQ2_0": slow_tq2_0}


@EACH
@pytest.mark.parametrize("seed", range(4))
def test_bytes_are_those_of_a_slow_second_implementation(form, seed):
    rng = np.random.default_rng(seed)
    n_blocks, d_out = rng.integers(1, 4, size=2)
    w = rng.normal(size=(n_blocks * form.group, d_out)) * 10.0 ** rng.uniform(-8, 4)
    w[rng.random(w.shape) < 0.1] = 0.0
    w = w.astype(np.float32)
    rows = w.T.reshape(d_out, n_blocks, form.group)
    expected = [b"".join(SLOW[form.name](block) for block in row) for row in rows]
    assert [row.tobytes() for row in form.write(w)] == expected


@EACH
@pytest.mark.parametrize("seed", range(4))
def test_what_is_read_is_written_again_byte_for_byte(form, seed):
    rng = np.random.default_rng(10 + seed)
    shape = (form.group * rng.integers(1, 5), rng.integers(1, 9))
    w = rng.normal(size=shape).astype(np.float32)
    kept = w.copy()
    blocks = form.write(w)
    assert np.array_equal(w, kept)
    assert (blocks.dtype, blocks.shape) == (np.uint8, (shape[1], form.row_bytes(shape[0])))
    assert 8 * blocks.nbytes / w.size == form.bits_per_weight
    quantized = form.read(blocks)
    assert (quantized.codes.dtype, quantized.scale.dtype) == (np.int8, np.float32)
    assert quantized.scale.shape == (shape[0] // form.group, shape[1])
    assert np.array_equal(quantized.values(), form.quantize(w).values())
    assert np.array_equal(form.write(quantized), blocks)
    stored = Blocks(form, blocks)
    assert stored.shape == (shape[1], shape[0])
    assert Blocks(form, blocks[0]).shape == (shape[0],)
    assert Blocks(form, blocks[np.newaxis]).shape == (1, shape[1], shape[0])
    assert np.array_equal(stored.quantized().values(), quantized.values())


@EACH
def test_beside_what_is_returned_a_tile_at_a_time_is_made(form, monkeypatch):
    monkeypatch.setattr("tinyffn.bits.formats.format.TILE", 16 * 1024)  # a 16th of this weight
    w = np.random.default_rng(9).normal(size=(1024, 257)).astype(np.float32)
    quantized, rows = form.quantize(w), form.write(w)
    tracemalloc.start()
    try:
        for make, given in ((form.quantize, w), (form.write, quantized), (form.read, rows)):
            tracemalloc.reset_peak()
            kept = make(given)
            now, peak = tracemalloc.get_traced_memory()
            assert peak - now < w.nbytes, make  # whole, it is three times as much
            del kept
    finally:
        tracemalloc.stop()


@EACH
def test_tiles_do_not_show(form, monkeypatch):
    w = np.random.default_rng(9).normal(size=(2 * form.group, 11)).astype(np.float32)
    rows = form.write(w)
    monkeypatch.setattr("tinyffn.bits.formats.format.TILE", 6 * form.group)  # three outputs
    assert np.array_equal(form.write(w), rows)
    assert np.array_equal(form.read(rows).values(), form.quantize(w).values())


@EACH
def test_every_code_a_block_can_hold_comes_back(form):
    rng = np.random.default_rng(3)
    codes = rng.choice(np.array(form.codes, np.int8), size=(3 * form.group, 5))
    scale = rng.normal(size=(3, 5)).astype(np.float16).astype(np.float32)
    found = form.read(form.write(Quantized(codes, scale, form.group, len(form.codes))))
    assert np.array_equal(found.codes, codes)
    assert np.array_equal(found.scale, scale)


def test_a_q1_0_is_what_binary_says_up_to_its_half_scales():
    w = np.random.default_rng(4).normal(size=(256, 3)).astype(np.float32)
    ours, theirs = binary(w, per=128), Q1_0.quantize(w)
    assert np.array_equal(ours.codes, theirs.codes)
    assert np.allclose(ours.scale, theirs.scale, rtol=2**-11)


@pytest.mark.parametrize("per", ["tensor", "column", 128, 256])
def test_trained_signs_are_stored_as_they_are_whoever_shares_a_scale(per):
    w = np.random.default_rng(5).normal(size=(256, 3)).astype(np.float32)
    trained = half_scales(binary(w, per=per))
    found = Q1_0.read(Q1_0.write(trained))
    assert np.array_equal(found.codes, trained.codes)
    assert np.array_equal(found.values(), trained.values())


@pytest.mark.parametrize("form", [Q2_0, TQ1_0, TQ2_0], ids=lambda form: form.name)
def test_trained_ternary_weights_are_stored_as_they_are(form):
    w = np.random.default_rng(6).normal(size=(512, 3)).astype(np.float32)
    trained = half_scales(ternary(w, per="tensor"))
    assert np.array_equal(form.read(form.write(trained)).values(), trained.values())


def test_signs_fit_a_ternary_format_too():
    trained = half_scales(binary(np.random.default_rng(7).normal(size=(256, 2)), per="column"))
    assert np.array_equal(TQ1_0.read(TQ1_0.write(trained)).codes, trained.codes)


@EACH
def test_zeros_have_the_scale_zero_and_minus_zero_is_zero(form):
    zeros = np.zeros((form.group, 2), np.float32)
    zeros[:, 1] = -0.0
    rows = form.write(zeros)
    assert np.array_equal(rows[0], rows[1])
    assert np.all(form.read(rows).values() == 0)
    if form is Q1_0:
        assert rows[0].tobytes() == bytes(2) + b"\xff" * 16


@EACH
def test_small_scales_are_subnormal_numbers_of_fp16_or_zero(form):
    small = np.ones((form.group, 3), np.float32) * np.float32([2.0**-24, 2.0**-26, 1e-42])
    assert np.array_equal(form.quantize(small).scale, [[2.0**-24, 0, 0]])
    assert np.array_equal(form.read(form.write(small)).values(), small * [1, 0, 0])


@EACH
def test_float64_is_rounded_to_float32_first(form):
    w = np.random.default_rng(8).normal(size=(form.group, 4))
    assert np.array_equal(form.write(w), form.write(w.astype(np.float32)))


@EACH
def test_the_largest_scale_is_the_largest_of_fp16(form):
    w = np.full((form.group, 1), 65519.0)
    assert form.quantize(w).scale[0, 0] == 65504
    with pytest.raises(ValueError, match=r"quantize: a scale is 6.552e\+04, but .* ends at 65504"):
        form.quantize(np.full((form.group, 1), 65520.0))
    with pytest.raises(ValueError, match=r"a scale is (inf|1e\+38)"):
        form.quantize(np.full((form.group, 1), 1e38))
    with pytest.raises(ValueError, match="a scale is inf"):
        form.quantize(np.full((form.group, 1), 1e300))
