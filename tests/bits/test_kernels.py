"""Products with packed signs are equal to the plain ones, whole number by whole number.

The clear twin of every kernel: unpack, then multiply each group as int32.
"""

import tracemalloc

import numpy as np
import pytest

from tinyffn.bits import products
from tinyffn.bits.planes import plane_product
from tinyffn.bits.popcount import xnor_product
from tinyffn.bits.quantized import Quantized
from tinyffn.bits.schemes import signs
from tinyffn.bits.tables import indices, sum_tables, table_product, table_work
from tinyffn.bits.ternary import ternary
from tinyffn.bits.unpacked import unpacked_product
from tinyffn.bits.words import as_signs, sign_words

SHAPES = [  # d_in, d_out, group: 1, odd sizes, around a word, groups that do not divide
    (1, 1, 1), (1, 7, 1), (2, 3, 1), (63, 5, 63), (64, 1, 64), (65, 3, 65), (127, 4, 128),
    (128, 6, 128), (129, 2, 128), (200, 33, 64), (257, 11, 128), (300, 9, 100), (77, 5, 10),
    (1000, 3, 1000), (4097, 2, 4097), (640, 17, 128),
]  # fmt: skip
LEADING = [(), (1,), (3,), (2, 2)]
CASES = [(*shape, LEADING[i % len(LEADING)], i) for i, shape in enumerate(SHAPES)]

WHOLE = {
    "xnor": (xnor_product, "signs"),
    "planes": (plane_product, "int8"),
    "planes of signs": (plane_product, "signs"),
    "tables of 8": (table_product, "int8"),
    "tables of 4": (lambda x, packed, **s: table_product(x, packed, index_bits=4, **s), "int8"),
}
FLOATS = {"tables": table_product, "unpacked": unpacked_product}


def weight_of(d_in, d_out, group, rng):
    n_groups = -(-d_in // group)
    scale = rng.uniform(0.5, 2.0, (n_groups, d_out)).astype(np.float32)
    return Quantized(signs(rng.standard_normal((d_in, d_out))), scale, group, levels=2)


def inputs(kind, shape, rng):
    if kind == "signs":
        return signs(rng.standard_normal(shape))
    x = rng.integers(-128, 128, shape).astype(np.int8)
    x[..., 0] = -128  # it has no opposite in int8
    return x


def plain_sums(x, weight):
    """Sums of each group (..., n_groups, d_out), as int32 for whole numbers."""
    wide = x.astype(np.int32 if x.dtype == np.int8 else np.float64)
    codes = weight.codes.astype(wide.dtype)
    starts = range(0, len(codes), weight.group)
    sums = [wide[..., s : s + weight.group] @ codes[s : s + weight.group] for s in starts]
    return np.stack(sums, axis=-2)


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize("d_in, d_out, group, leading, seed", CASES)
def test_sums_of_groups_are_exact(name, d_in, d_out, group, leading, seed):
    kernel, kind = WHOLE[name]
    rng = np.random.default_rng(seed)
    weight = weight_of(d_in, d_out, group, rng)
    x = inputs(kind, (*leading, d_in), rng)
    before = x.copy()
    sums = kernel(x, sign_words(weight), scaled=False)
    expected = plain_sums(x, weight)
    assert (sums.dtype, sums.shape) == (np.int32, expected.shape)
    assert np.array_equal(sums, expected) and np.array_equal(x, before)


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize("d_in, d_out, group, leading, seed", CASES)
def test_scaled_sums_are_the_product_with_the_weight(name, d_in, d_out, group, leading, seed):
    kernel, kind = WHOLE[name]
    rng = np.random.default_rng(seed)
    weight = weight_of(d_in, d_out, group, rng)
    x = inputs(kind, (*leading, d_in), rng)
    y = kernel(x, sign_words(weight))
    expected = x.astype(np.float64) @ weight.values().astype(np.float64)
    size = np.abs(x.astype(np.float64)) @ np.abs(weight.values()).astype(np.float64)
    assert (y.dtype, y.shape) == (np.float32, expected.shape)
    assert (np.abs(y - expected) <= 1e-6 * size).all()


@pytest.mark.parametrize("name", FLOATS)
@pytest.mark.parametrize("dtype, tolerance", [(np.float32, 1e-6), (np.float64, 1e-14)])
@pytest.mark.parametrize("d_in, d_out, group, leading, seed", CASES)
def test_floats(name, dtype, tolerance, d_in, d_out, group, leading, seed):
    rng = np.random.default_rng(seed)
    weight = weight_of(d_in, d_out, group, rng)
    x = rng.standard_normal((*leading, d_in)).astype(dtype)
    y = FLOATS[name](x, sign_words(weight))
    expected = x.astype(np.float64) @ weight.values().astype(np.float64)
    size = np.abs(x) @ np.abs(weight.values())
    assert (y.dtype, y.shape) == (dtype, expected.shape)
    assert (np.abs(y - expected) <= tolerance * size).all()


@pytest.mark.parametrize("name", WHOLE)
def test_one_scale_serves_all_columns_and_halves_stay_exact(name):
    kernel, kind = WHOLE[name]
    rng = np.random.default_rng(3)
    codes = signs(rng.standard_normal((70, 5)))
    weight = Quantized(codes, np.array([[0.25]], np.float16), 70, levels=2)
    x = inputs(kind, (2, 70), rng)
    expected = 0.25 * (x.astype(np.int32) @ codes.astype(np.int32))
    assert np.array_equal(kernel(x, sign_words(weight)), expected)


@pytest.mark.parametrize("name", WHOLE)
def test_ternary_weights_in_two_steps(name):
    kernel, kind = WHOLE[name]
    rng = np.random.default_rng(4)
    weight = ternary(rng.standard_normal((130, 6)).astype(np.float32), per=64)
    x = inputs(kind, (3, 130), rng)
    sums = sum(kernel(x, sign_words(part), scaled=False) for part in as_signs(weight))
    assert np.array_equal(sums, 2 * plain_sums(x, weight))


@pytest.mark.parametrize("name", [*WHOLE, *FLOATS])
def test_tiles_make_no_difference(name, monkeypatch):
    kernel, kind = WHOLE.get(name) or (FLOATS[name], "float")
    rng = np.random.default_rng(5)
    weight = weight_of(700, 50, 600, rng)
    x = rng.standard_normal((2, 700)) if kind == "float" else inputs(kind, (2, 700), rng)
    whole = kernel(x, sign_words(weight))
    monkeypatch.setattr(products, "COLUMNS", 16)
    monkeypatch.setattr(products, "TILE_WORDS", 40)
    monkeypatch.setattr("tinyffn.bits.unpacked.TILE_SIGNS", 5000)
    assert np.allclose(kernel(x, sign_words(weight)), whole, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("name", [*WHOLE, *FLOATS])
@pytest.mark.parametrize("shape, group", [((1024, 2048), 128), ((2048, 1024), 2048)])
def test_the_weight_is_never_unpacked_as_a_whole(name, shape, group):
    """As float32 it would take 8 MB. Tiles, tables and sums take a part of that."""
    kernel, kind = WHOLE.get(name) or (FLOATS[name], "float")
    rng = np.random.default_rng(9)
    packed = sign_words(weight_of(*shape, group, rng))
    x = rng.standard_normal(shape[:1]) if kind == "float" else inputs(kind, shape[:1], rng)
    tracemalloc.start()
    try:
        kernel(x, packed)
        assert tracemalloc.get_traced_memory()[1] < 3_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("name", [*WHOLE, *FLOATS])
def test_inputs_that_do_not_lie_side_by_side(name):
    kernel, kind = WHOLE.get(name) or (FLOATS[name], "float")
    rng = np.random.default_rng(10)
    packed = sign_words(weight_of(70, 5, 30, rng))
    x = rng.standard_normal((3, 70)) if kind == "float" else inputs(kind, (3, 70), rng)
    expected = kernel(x, packed)
    apart = np.zeros((6, 210), x.dtype)
    apart[::2, ::3] = x
    for turned in (np.asfortranarray(x), x[:, ::-1].copy()[:, ::-1], apart[::2, ::3]):
        assert not turned.flags.c_contiguous and np.array_equal(kernel(turned, packed), expected)


@pytest.mark.parametrize("name", [*WHOLE, *FLOATS])
def test_no_rows_at_all(name):
    kernel, kind = WHOLE.get(name) or (FLOATS[name], "float")
    x = np.zeros((0, 70), np.float32 if kind == "float" else np.int8)
    packed = sign_words(weight_of(70, 5, 64, np.random.default_rng(6)))
    assert kernel(x, packed).shape == (0, 5)


def test_zeros_give_zeros():
    packed = sign_words(weight_of(70, 5, 64, np.random.default_rng(7)))
    for kernel in (plane_product, table_product):
        assert not kernel(np.zeros(70, np.int8), packed).any()


def test_tables_hold_all_sums():
    x = np.array([[3, 5, 7, 11, 100]])
    tables = sum_tables(x, 4)
    assert tables.shape == (1, 2, 16)
    assert [tables[0, 0, c] for c in (0b0000, 0b0001, 0b1000, 0b1111)] == [-26, -20, -4, 26]
    assert [tables[0, 1, c] for c in (0b0000, 0b0001, 0b1110)] == [-100, 100, -100]


def test_indices_are_the_bits_in_their_order():
    words = np.array([[0x0807060504030201]], np.uint64)
    assert [entries.tolist() for entries in indices(words, 8)] == [[i] for i in range(1, 9)]
    assert [int(entries[0]) for entries in indices(words, 4)][:4] == [1, 0, 2, 0]


def test_work_is_counted():
    work = table_work(4096, 11008)
    assert work.look_ups == 512 * 11008 and work.multiply_adds == 8 * work.look_ups
    assert (work.table_entries, work.table_additions) == (512 * 256, 512 * 510)
    small = table_work(5, 3, index_bits=4)
    assert small == (6, 2 * 30, 32, 15)
    added = sum(2**b for b in range(1, 5))  # tables of 2, 4, 8, 16, each made by additions
    assert small.table_additions == 2 * added


def test_refusals_name_kernel_and_reason():
    packed = sign_words(weight_of(70, 5, 64, np.random.default_rng(8)))
    bad = [
        (xnor_product, np.ones(70), TypeError, "xnor_product: x is float64, but must be int8"),
        (xnor_product, np.zeros(70, np.int8), ValueError, "neither -1 nor .1: see bits.signs"),
        (xnor_product, np.ones((2, 71), np.int8), ValueError,
         r"x \(2, 71\) does not fit a packed weight \(70, 5\): .* must be d_in = 70"),
        (plane_product, np.ones(70, np.int16), TypeError, "plane_product: x is int16"),
        (plane_product, np.int8(1), ValueError, r"plane_product: x \(\) does not fit"),
        (table_product, np.ones(70, int), TypeError, "must be int8, float32 or float64"),
        (unpacked_product, np.ones(70, np.int8), TypeError, "must be float32 or float64"),
    ]  # fmt: skip
    for kernel, x, error, message in bad:
        with pytest.raises(error, match=message):
            kernel(x, packed)
    with pytest.raises(ValueError, match="table_product: index_bits is 5, but must be 4 or 8"):
        table_product(np.ones(70), packed, index_bits=5)
    with pytest.raises(ValueError, match="table_work: index_bits is 2"):
        table_work(1, 1, index_bits=2)
    with pytest.raises(ValueError, match="table_work: d_in is 0"):
        table_work(0, 1)


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize("d_in", [255, 256, 257, 65_535, 65_537])
def test_the_largest_counts_there_can_be_do_not_wrap_round(name, d_in):
    """Every sign agrees, or every sign differs: counts beyond a byte and beyond two."""
    kernel, kind = WHOLE[name]
    size = 1 if kind == "signs" else 127
    codes = np.where(np.arange(d_in) % 3 == 0, 1, -1).astype(np.int8)
    scale = np.ones((1, 1), np.float32)
    packed = sign_words(Quantized(codes[:, np.newaxis], scale, d_in, levels=2))
    x = np.stack([size * codes, -size * codes]).astype(np.int8)
    sums = kernel(x, packed, scaled=False)
    assert sums.ravel().tolist() == [size * d_in, -size * d_in]
