"""Levels at equal distances: nearest, by lot, clipped, from the smallest, for each token."""

import numpy as np
import pytest

from tinyffn.bits.schemes import binary
from tinyffn.bits.uniform import absmax, absmax_tokens, asymmetric, clipped_absmax

W = np.random.default_rng(0).normal(size=(12, 3))


def blocks(w, per):
    """Views of all that share a scale."""
    rows = len(w) if isinstance(per, str) else per
    columns = [slice(None)] if per == "tensor" else [slice(j, j + 1) for j in range(w.shape[1])]
    return [w[i : i + rows, column] for i in range(0, len(w), rows) for column in columns]


@pytest.mark.parametrize("per", ["tensor", "column", 1, 5])
@pytest.mark.parametrize("bits", [2, 3, 8])
def test_absmax_takes_the_nearest_level_and_reaches_the_largest(per, bits):
    found = absmax(W, bits, per=per)
    top = 2 ** (bits - 1) - 1
    for w, codes, values in zip(
        *(blocks(a, per) for a in (W, found.codes, found.values())), strict=True
    ):
        levels = np.arange(-top, top + 1) * np.abs(w).max() / top
        nearest = levels[np.abs(w[..., np.newaxis] - levels).argmin(axis=-1)]
        assert np.allclose(values, nearest, rtol=1e-12)
        assert np.abs(codes).max() == top
    assert found.levels == 2**bits - 1


@pytest.mark.parametrize("per", ["tensor", "column", 1, 5])
@pytest.mark.parametrize("bits", [1, 2, 7])
def test_asymmetric_takes_the_nearest_level_and_reaches_both_ends(per, bits):
    w = W + 3
    found = asymmetric(w, bits, per=per)
    for block, values in zip(blocks(w, per), blocks(found.values(), per), strict=True):
        levels = np.linspace(block.min(), block.max(), 2**bits)
        nearest = levels[np.abs(block[..., np.newaxis] - levels).argmin(axis=-1)]
        assert np.allclose(values, nearest, rtol=1e-12)
    assert found.codes.min() == 0 and found.levels == 2**bits
    assert found.codes.max() == (0 if per == 1 else 2**bits - 1)


def test_zero_is_a_level_of_absmax_and_need_not_be_one_of_asymmetric():
    w = np.array([[0.0], [1.0], [-2.0]])
    assert absmax(w, 2).values()[0] == 0
    assert asymmetric(w, 2).values()[0] == 0.0  # levels -2, -1, 0, 1
    assert asymmetric(w, 1).values()[0] == 1.0  # levels -2, 1


def test_half_way_between_two_codes_it_is_the_even_one():
    assert np.array_equal(
        absmax(np.array([[127.0], [0.5], [1.5], [-2.5]]), 8).codes.T, [[127, 0, 2, -2]]
    )


def test_groups_of_zeros_have_scale_0_and_equal_weights_stay_as_they_are():
    zeros = np.zeros((4, 2), np.float32)
    for scheme in (absmax, clipped_absmax, asymmetric):
        found = scheme(zeros, 3, per=2)
        assert (found.codes == 0).all() and (found.values() == 0).all() and (found.scale == 0).all()
    assert (asymmetric(zeros + 5, 3).values() == 5).all()
    tiny = np.array([[1e-45, 0.0], [0.0, 1.0]], np.float32)  # a scale that is too small to be one
    assert np.isfinite(absmax(tiny, 8).values()).all()


@pytest.mark.parametrize("per", ["tensor", "column", 5])
@pytest.mark.parametrize("bits", [2, 4, 8])
def test_clipping_is_never_worse_and_finds_the_best_clip_of_each_group(per, bits):
    found = clipped_absmax(W, bits, per=per)
    top = 2 ** (bits - 1) - 1
    plain = absmax(W, bits, per=per).values()
    for w, values, before in zip(
        *(blocks(a, per) for a in (W, found.values(), plain)), strict=True
    ):
        error = ((w - values) ** 2).sum()
        assert error <= ((w - before) ** 2).sum()
        clips = np.abs(w).max() * 0.95 ** np.arange(64)
        scales = (clips / top)[:, np.newaxis, np.newaxis]
        tries = scales * np.clip(np.rint(w / scales), -top, top)
        assert np.isclose(error, ((w - tries) ** 2).sum(axis=(1, 2)).min(), rtol=1e-12)
    assert np.array_equal(clipped_absmax(W, bits, per=per, n_clips=1).values(), plain)


def test_without_settings_each_column_has_a_scale_and_64_clips_are_tried():
    for scheme in (absmax, clipped_absmax, asymmetric):
        assert np.array_equal(scheme(W, 3).scale, scheme(W, 3, per="column").scale)
        assert scheme(W, 3).scale.shape == (1, 3)
    nearly_all_small = np.full((20_000, 1), 0.0395)  # the 64th clip is 0.95^63 = 0.0395
    nearly_all_small[0] = 1.0
    assert np.isclose(clipped_absmax(nearly_all_small, 2).scale, 0.95**63)


def test_the_best_clip_is_found_among_several_valleys():
    """As clips fall, Σ (w - value)² is 0.36, then 0.52, falls to 0.39 at 0.44, and rises again."""
    w = np.array([[1.0], [0.3], [0.3], [0.3], [0.3]])
    assert np.array_equal(clipped_absmax(w, 2).values().T, [[1, 0, 0, 0, 0]])


def test_of_clips_that_lose_the_same_the_widest_is_taken():
    """In float32 the squares of such weights are 0, for every clip."""
    w = (1e-30 * W).astype(np.float32)
    assert np.array_equal(clipped_absmax(w, 4).values(), absmax(w, 4).values())


def test_bits_may_be_a_narrow_whole_number_of_numpy():
    for scheme, bits in ((absmax, 8), (clipped_absmax, 8), (asymmetric, 7)):
        for kind in (np.int8, np.uint8):
            found, expected = scheme(W, kind(bits)), scheme(W, bits)
            assert np.array_equal(found.codes, expected.codes)
            assert (found.levels, type(found.levels)) == (expected.levels, int)
    assert np.array_equal(absmax_tokens(W, np.int8(8))[0], absmax_tokens(W)[0])


def test_two_bits_of_absmax_lose_to_one_bit_and_clipped_they_win():
    w = np.random.default_rng(1).normal(size=(128, 500))
    errors = [
        ((w - found.values()) ** 2).mean()
        for found in (absmax(w, 2), binary(w), clipped_absmax(w, 2))
    ]
    assert errors[0] > 1.5 * errors[1] > 2.5 * errors[2]


@pytest.mark.parametrize("scheme, highest", [(absmax, 3), (asymmetric, 7)])
def test_rounding_by_lot_has_the_weight_as_its_mean(scheme, highest):
    steps = (np.arange(2000) + 0.5) / 2000
    values = [scheme(W, 3, noise=np.full(W.shape, u)).values() for u in steps]
    assert np.allclose(np.mean(values, axis=0), W, atol=2e-3)
    below_1 = np.full(W.shape, np.nextafter(np.float32(1), np.float32(0)))
    assert scheme(W.astype(np.float32), 3, noise=below_1).codes.max() == highest


def test_each_token_has_its_own_scale():
    x = np.random.default_rng(2).normal(size=(2, 3, 7)).astype(np.float32)
    codes, scale = absmax_tokens(x)
    assert (codes.dtype, codes.shape) == (np.int8, x.shape)
    assert (scale.dtype, scale.shape) == (np.float32, (2, 3, 1))
    assert (np.abs(codes.astype(int)).max(axis=-1) == 127).all()
    assert (np.abs(x - scale * codes) <= 0.501 * scale).all()
    assert np.array_equal(absmax_tokens(x[1, 2])[0], codes[1, 2])
    assert np.abs(absmax_tokens(x, 4)[0]).max() == 7


def test_a_token_of_zeros_has_codes_0_and_the_scale_of_eps():
    codes, scale = absmax_tokens(np.array([[0.0, -0.0], [1e-6, -1e-5]]))
    assert np.array_equal(codes, [[0, 0], [13, -127]])
    assert np.allclose(scale, 1e-5 / 127)


def test_a_token_that_is_not_finite_has_codes_0_and_its_values_are_nan():
    x = np.array([[np.nan, 1.0], [np.inf, 1.0], [3.0, -1.0]], np.float32)
    with np.errstate(all="raise"):
        codes, scale = absmax_tokens(x)
    assert np.array_equal(codes, [[0, 0], [0, 0], [127, -42]])
    with np.errstate(invalid="ignore"):
        assert np.isnan(codes * scale).all(axis=-1).tolist() == [True, True, False]
    with np.errstate(divide="raise", invalid="raise"):  # this eps is 0 in float32
        codes, scale = absmax_tokens(np.zeros((1, 3), np.float32), eps=1e-60)
    assert not codes.any() and not scale.any()


def test_float32_stays_float32():
    w = W.astype(np.float32)
    for scheme in (absmax, clipped_absmax, asymmetric):
        found = scheme(w, 3, per=4)
        assert found.codes.dtype == np.int8
        assert (found.scale.dtype, found.values().dtype) == (np.float32, np.float32)


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: absmax(np.ones(3), 2), "absmax: w is float64"),
        (lambda: absmax(W, 1), "absmax: bits is 1, but must be a whole number from 2 to 8"),
        (lambda: absmax(W, 2.0), "absmax: bits is 2.0"),
        (lambda: absmax(W, 2, noise=W), "absmax: noise runs from"),
        (lambda: clipped_absmax(W, 9), "clipped_absmax: bits is 9"),
        (lambda: clipped_absmax(W, 2, n_clips=0), "clipped_absmax: n_clips is 0, but must be a"),
        (lambda: asymmetric(W, 8), "asymmetric: bits is 8, but must be .* from 1 to 7"),
        (lambda: asymmetric(W, 2, noise=0.5), r"asymmetric: noise \(\) must have the shape"),
        (lambda: absmax_tokens(np.ones((2, 3), int)), "absmax_tokens: x is int64"),
        (lambda: absmax_tokens(np.ones((2, 0))), "absmax_tokens: x is float64"),
        (lambda: absmax_tokens(np.float64(3)), "absmax_tokens: x is float64"),
        (lambda: absmax_tokens(W, 1), "absmax_tokens: bits is 1"),
        (lambda: absmax_tokens(W, 9), "absmax_tokens: bits is 9, but must be .* from 2 to 8"),
        (lambda: absmax_tokens(W, eps=0), "absmax_tokens: eps is 0, but must be a number above"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
