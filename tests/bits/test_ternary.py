"""Ternary codes: which weights are zero, and which scale is best."""

import numpy as np
import pytest

from tinyffn.bits.ternary import ternary

W = np.random.default_rng(0).normal(size=(10, 3))


@pytest.mark.parametrize("per", ["tensor", "column", 1, 4, 5])
@pytest.mark.parametrize("threshold", [0.0, 0.5, 0.7, 1.3])
@pytest.mark.parametrize("scale", ["absmean", "least squares"])
def test_against_a_loop_over_groups(per, threshold, scale):
    found = ternary(W, per=per, threshold=threshold, scale=scale)
    values = found.values()
    rows = len(W) if isinstance(per, str) else per
    columns = [slice(None)] if per == "tensor" else [slice(j, j + 1) for j in range(3)]
    for start in range(0, len(W), rows):
        for column in columns:
            block = W[start : start + rows, column]
            mean = np.abs(block).mean()
            kept = np.abs(block) > threshold * mean
            code = np.where(kept, np.where(block > 0, 1, -1), 0)
            if scale == "least squares":
                mean = (block * code).sum() / max(1, (code**2).sum())
            assert np.array_equal(found.codes[start : start + rows, column], code)
            assert np.allclose(values[start : start + rows, column], mean * code, rtol=1e-12)


def test_half_the_mean_is_rounding_to_the_nearest_of_three():
    w = np.array([[0.5], [-0.5], [0.6], [-1.4], [2.0], [1.0]])  # of mean magnitude 1
    assert np.array_equal(ternary(w).codes, np.clip(np.rint(w), -1, 1))
    assert np.array_equal(ternary(w).codes[:2], [[0], [0]])  # half-way: to the even one


def test_zero_stays_zero_at_every_threshold_and_zeros_have_scale_0():
    w = np.array([[0.0], [-0.0], [1.0], [-1.0]])
    assert np.array_equal(ternary(w, threshold=0).codes, [[0], [0], [1], [-1]])
    for scale in ("absmean", "least squares"):
        found = ternary(np.zeros((4, 2)), per=2, scale=scale)
        assert (found.codes == 0).all() and (found.scale == 0).all()
    nothing_kept = ternary(np.ones((2, 1)), threshold=2, scale="least squares")
    assert np.array_equal(nothing_kept.values(), [[0.0], [0.0]])


def test_without_settings_it_is_half_the_mean_of_each_column():
    found, expected = ternary(W), ternary(W, per="column", threshold=0.5, scale="absmean")
    assert np.array_equal(found.codes, expected.codes)
    assert np.array_equal(found.scale, expected.scale) and found.scale.shape == (1, 3)
    assert not np.allclose(found.scale, ternary(W, scale="least squares").scale, rtol=0.01)


def test_bits_and_types():
    found = ternary(W.astype(np.float32), per="tensor", threshold=0.7, scale="least squares")
    assert (found.codes.dtype, found.scale.dtype) == (np.int8, np.float32)
    assert found.bits_per_weight() == np.log2(3) + 16 / 30


@pytest.mark.parametrize(
    "setting, message",
    [
        ({"per": "row"}, "ternary: per is 'row'"),
        ({"threshold": -0.1}, "ternary: threshold is -0.1, but must be a number, 0 or above"),
        ({"threshold": "absmean"}, "ternary: threshold is 'absmean', but must be a number"),
        ({"scale": "max"}, 'ternary: scale is \'max\', but must be "absmean" or "least squares"'),
    ],
)
def test_bad_settings_are_named(setting, message):
    with pytest.raises(ValueError, match=message):
        ternary(W, **setting)
