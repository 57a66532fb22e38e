"""The reference of exercise 18.1 against loops over single bits, and against Q1_0."""

import struct

import numpy as np
import pytest

from tinyffn.bits.formats import Q1_0
from tinyffn.bits.schemes import binary


@pytest.fixture
def answer(part):
    return part("18.1", "reference")


def looped(w, group):
    """Byte for byte, as the text says it."""
    d_in, d_out = w.shape
    rows = []
    for j in range(d_out):
        row = b""
        for first in range(0, d_in, group):
            block = [float(v) for v in w[first : first + group, j]]
            signs = [0] * (group // 8)
            for i, v in enumerate(block):
                signs[i % len(signs)] += 2 ** (i // len(signs)) * (v >= 0)
            row += struct.pack("<e", sum(abs(v) for v in block) / len(block)) + bytes(signs)
        rows.append(list(row))
    return np.array(rows, np.uint8)


@pytest.mark.parametrize("group", [8, 24, 128])
@pytest.mark.parametrize("shape", [(1, 1), (7, 2), (24, 3), (130, 5), (384, 2)])
def test_bytes_are_those_of_a_loop(answer, group, shape, seeds):
    for seed in seeds[:20]:
        w = np.random.default_rng(seed).integers(-3, 4, size=shape).astype(np.float32)
        assert np.array_equal(answer.pack_blocks(w, group), looped(w, group))


@pytest.mark.parametrize("d_in, group", [(1, 8), (53, 24), (96, 32), (256, 128)])
def test_what_is_read_is_signs_times_scales(answer, d_in, group, seeds):
    for seed in seeds:
        w = np.random.default_rng(seed).normal(size=(d_in, 3)).astype(np.float32)
        found = answer.unpack_blocks(answer.pack_blocks(w, group), d_in, group)
        assert (found.dtype, found.shape) == (np.float32, w.shape)
        assert np.array_equal(found > 0, w >= 0)
        assert np.allclose(found, binary(w, per=group).values(), rtol=2**-10)


def test_blocks_of_128_are_those_of_q1_0_up_to_the_order_of_their_bits(answer, seeds):
    for seed in seeds:
        w = np.random.default_rng(seed).integers(-9, 10, size=(256, 4)).astype(np.float32)
        ours = answer.pack_blocks(w, 128).reshape(4, 2, 18)
        theirs = Q1_0.write(w).reshape(4, 2, 18)
        assert np.array_equal(ours[..., :2], theirs[..., :2])
        striped, plain = (
            np.unpackbits(b[..., 2:], axis=-1, bitorder="little") for b in (ours, theirs)
        )
        assert np.array_equal(striped.reshape(4, 2, 16, 8).swapaxes(2, 3).reshape(4, 2, 128), plain)
