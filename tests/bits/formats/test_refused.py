"""What a block format refuses: each message names the format, and what does not fit."""

import numpy as np
import pytest

from tinyffn.bits.formats import Q1_0, Q2_0, TQ1_0, TQ2_0, half_scales
from tinyffn.bits.schemes import binary

GOOD = half_scales(binary(np.ones((256, 2)), per=128))
BAD = {
    "text": (lambda: Q1_0.quantize(np.ones((128, 2), int)), "Q1_0.quantize: w is int64"),
    "nan": (lambda: TQ1_0.quantize(np.full((256, 1), np.nan)), "TQ1_0.quantize: some weights are"),
    "inf": (lambda: Q2_0.write(np.full((64, 1), -np.inf)), "Q2_0.quantize: some weights are not"),
    "odd": (lambda: Q1_0.write(np.ones((130, 2))), "d_in is 130, but must be a multiple of 128"),
    "odd quantized": (lambda: TQ1_0.write(binary(np.ones((128, 2)))), "d_in is 128, but must be"),
    "row": (lambda: TQ2_0.row_bytes(255), "TQ2_0.row_bytes: d_in is 255"),
    "no row": (lambda: Q1_0.row_bytes(-128), "d_in is -128, but must be a whole number above 0"),
    "scales": (
        lambda: Q1_0.write(GOOD._replace(scale=GOOD.scale[:1])),
        r"Q1_0.write: scales \(1, 2\) do not fit codes \(256, 2\) in groups of 128: there must be "
        r"\(2, 2\) or \(2, 1\)",
    ),
    "more scales": (
        lambda: Q1_0.write(GOOD._replace(scale=np.ones((3, 2)))), r"scales \(3, 2\) do not fit"
    ),
    "scales of others": (
        lambda: Q1_0.write(GOOD._replace(scale=np.ones((2, 3)))), r"scales \(2, 3\) do not fit"
    ),
    "one code": (
        lambda: Q1_0.write(GOOD._replace(codes=np.eye(256, 2, dtype=np.int8))),
        "codes run from 0 to 1, but each must be one of",
    ),
    "offset": (lambda: Q1_0.write(GOOD._replace(offset=GOOD.scale)), "Q1_0.write: .* has offsets"),
    "group": (
        lambda: Q1_0.write(binary(np.ones((256, 2)), per=64)),
        "64 rows share a scale, but must be a multiple of 128 or all rows",
    ),
    "group of 192": (lambda: Q1_0.write(binary(np.ones((256, 2)), per=192)), "192 rows share"),
    "code": (
        lambda: Q1_0.write(GOOD._replace(codes=0 * GOOD.codes)),
        r"Q1_0.write: codes run from 0 to 0, but each must be one of \(-1, 1\)",
    ),
    "two": (
        lambda: TQ2_0.write(GOOD._replace(codes=2 * GOOD.codes, scale=GOOD.scale[:1], group=256)),
        r"codes run from 2 to 2, but each must be one of \(-1, 0, 1\)",
    ),
    "scale": (
        lambda: Q1_0.write(GOOD._replace(scale=GOOD.scale * 1.0001)),
        r"some scales are not exact in 16 bits: round them first, with half_scales\(quantized\)",
    ),
    "nan scale": (lambda: Q1_0.write(GOOD._replace(scale=GOOD.scale * np.nan)), "a scale is nan"),
    "large": (lambda: half_scales(GOOD._replace(scale=GOOD.scale * 1e5)), "half_scales: a scale"),
    "one large": (
        lambda: half_scales(GOOD._replace(scale=GOOD.scale * [1, 1e5])), "a scale is 1e[+]05, but"
    ),
    "dtype": (lambda: Q1_0.read(np.zeros((1, 18))), r"Q1_0.read: blocks are float64 \(1, 18\)"),
    "axes": (lambda: Q1_0.read(np.zeros(18, np.uint8)), r"blocks are uint8 \(18,\), but must be"),
    "none": (lambda: Q1_0.read(np.zeros((1, 0), np.uint8)), r"blocks are uint8 \(1, 0\)"),
    "cut": (
        lambda: Q1_0.read(np.zeros((1, 20), np.uint8)),
        "a row has 20 bytes, but must be whole blocks of 18",
    ),
    "damaged scale": (
        lambda: Q1_0.read(np.full((1, 18), 255, np.uint8)), "a scale is not finite: the bytes"
    ),
    "one damaged scale": (
        lambda: Q1_0.read(np.stack([np.zeros(18, np.uint8), np.full(18, 255, np.uint8)])),
        "a scale is not finite: the bytes are damaged",
    ),
    "damaged code": (
        lambda: TQ2_0.read(np.append(np.full(64, 255), [0, 0]).astype(np.uint8)[np.newaxis]),
        r"TQ2_0.read: a code is none of \(-1, 0, 1\): the bytes are damaged",
    ),
    "one damaged code": (
        lambda: TQ2_0.read(np.insert(np.zeros((1, 65), np.uint8), 37, 0b01_11_01_01, axis=1)),
        "TQ2_0.read: a code is none of",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_what_a_block_cannot_hold_is_refused_and_named(case):
    call, message = BAD[case]
    with pytest.raises(ValueError, match=message):
        call()
