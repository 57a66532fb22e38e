"""The ternary formats against the package `gguf`, which is of the makers of the format.

It can write and read TQ1_0 and TQ2_0. Of Q1_0 it knows the sizes only, and Q2_0 not at all.
"""

import gguf
import numpy as np
import pytest

from tinyffn.bits.formats import Q1_0, Q2_0, TQ1_0, TQ2_0

TYPES = gguf.GGMLQuantizationType
TERNARY = pytest.mark.parametrize("form", [TQ1_0, TQ2_0], ids=lambda form: form.name)


@TERNARY
@pytest.mark.parametrize("seed", range(6))
def test_both_write_the_same_bytes_and_read_the_same_values(form, seed):
    rng = np.random.default_rng(seed)
    shape = (256 * rng.integers(1, 6), rng.integers(1, 20))
    w = (rng.standard_t(3, size=shape) * 10.0 ** rng.uniform(-6, 2)).astype(np.float32)
    w[:, 0] = 0.0
    w[rng.random(shape) < 0.05] = -0.0
    theirs = gguf.quantize(np.ascontiguousarray(w.T), TYPES[form.name])
    assert np.array_equal(form.write(w), theirs)
    values = gguf.dequantize(theirs, TYPES[form.name])
    assert np.array_equal(form.read(theirs).values().T, values)


@TERNARY
def test_both_round_halves_away_from_zero(form):
    w = np.float32([[1.0], [0.5], [-0.5], [np.nextafter(0.5, 0, dtype=np.float32)]])
    w = np.tile(w, (64, 1))
    assert np.array_equal(form.write(w), gguf.quantize(w.T.copy(), TYPES[form.name]))
    assert np.array_equal(form.quantize(w).codes[:4, 0], [1, 1, -1, 0])


@TERNARY
def test_both_read_any_bytes_of_codes_alike(form):
    rng = np.random.default_rng(7)
    blocks = rng.integers(0, 256, size=(300, form.block_bytes), dtype=np.uint8)
    blocks[:, -1] &= 0b0111_1011  # scales that are finite
    if form is TQ2_0:
        blocks[:, :64] &= 0b1010_1010  # no code that the format does not have
    values = gguf.dequantize(blocks, TYPES[form.name])
    assert np.array_equal(form.read(blocks).values().T, values)


@pytest.mark.parametrize("form", [Q1_0, TQ1_0, TQ2_0], ids=lambda form: form.name)
def test_sizes_and_numbers_of_types_are_theirs(form):
    assert TYPES[form.name] == form.type_id
    assert gguf.GGML_QUANT_SIZES[TYPES[form.name]] == (form.group, form.block_bytes)


def test_the_type_of_q2_0_is_the_next_after_that_of_q1_0():
    assert Q2_0.type_id == Q1_0.type_id + 1
    assert Q2_0.type_id not in {member.value for member in TYPES} or TYPES["Q2_0"] == Q2_0.type_id
