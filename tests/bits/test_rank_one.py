"""Rank-one magnitudes: the best of their kind, and fitted to the output."""

import itertools

import numpy as np
import pytest

from tinyffn.bits.rank_one import RankOne, fitted, rank_one
from tinyffn.bits.schemes import binary, signs
from tinyffn.bits.second_moment import output_error


def weight(seed, shape=(30, 12)):
    return np.random.default_rng(seed).normal(size=shape)


def moment(seed, d=30, n=400):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, d)) @ rng.normal(size=(d, d))
    return x.T @ x / n


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_it_is_the_best_matrix_of_rank_one_for_the_magnitudes(seed):
    w = weight(seed)
    found = rank_one(w)
    u, s, v = np.linalg.svd(np.abs(w))
    assert np.allclose(np.abs(found.values()), s[0] * np.abs(np.outer(u[:, 0], v[0])), rtol=1e-8)
    assert np.array_equal(found.codes, signs(w))
    assert (found.row > 0).all() and (found.column > 0).all()


def test_magnitudes_of_rank_one_are_kept_exactly():
    rng = np.random.default_rng(4)
    w = signs(weight(4)) * np.outer(np.exp(rng.normal(size=30)), np.exp(rng.normal(size=12)))
    assert np.allclose(rank_one(w).values(), w, rtol=1e-10)
    assert output_error(w, binary(w).values(), np.eye(30)) > 0.1


def test_it_never_loses_more_of_the_weight_than_a_scale_for_each_column():
    w = weight(5)
    error = [output_error(w, q.values(), np.eye(30)) for q in (rank_one(w), binary(w))]
    assert error[0] < error[1]


def test_each_round_of_fitting_lowers_the_outputs_error():
    w, h = weight(6), moment(6)
    start = rank_one(w)
    steps = [fitted(start, w, h, rounds=n, damping=0) for n in range(4)]
    errors = [output_error(w, q.values(), h) for q in (start, *steps)]
    assert all(after < before for before, after in itertools.pairwise(errors))
    assert all(np.array_equal(q.codes, start.codes) for q in steps)


def test_fitted_numbers_are_the_minimum():
    w, h = weight(7), moment(7)
    found = fitted(rank_one(w), w, h, rounds=2, damping=0)
    least = output_error(w, found.values(), h)
    for factor in (0.999, 1.001):
        for j in (0, 5):
            column = found.column.copy()
            column[j] *= factor
            assert output_error(w, found._replace(column=column).values(), h) > least
    row_fitted = fitted(rank_one(w), w, h, rounds=200, damping=0)  # settled: row is best too
    least = output_error(w, row_fitted.values(), h)
    for i in (0, 9):
        for change in (-1e-3, 1e-3):
            row = row_fitted.row.copy()
            row[i] += change
            assert output_error(w, row_fitted._replace(row=row).values(), h) > least


def test_damping_counts_as_a_little_noise_of_every_input():
    w, h = weight(10), moment(10)
    noisy = h + 0.3 * np.trace(h) / 30 * np.eye(30)
    damped = fitted(rank_one(w), w, h, rounds=2, damping=0.3)
    assert np.allclose(
        damped.values(), fitted(rank_one(w), w, noisy, rounds=2, damping=0).values(), rtol=1e-10
    )


def test_bits_float32_and_zeros():
    w = weight(8, (64, 16)).astype(np.float32)
    found = rank_one(w)
    assert found.bits_per_weight() == 1 + 16 * 80 / 1024
    assert found.values().dtype == fitted(found, w, moment(8, 64)).values().dtype == np.float32
    assert np.array_equal(rank_one(np.zeros((3, 2))).values(), np.zeros((3, 2)))
    with_zero_row = np.vstack([np.zeros(12), weight(9)])
    assert np.isfinite(fitted(rank_one(with_zero_row), with_zero_row, moment(9, 31)).values()).all()


def test_weights_of_any_size_and_a_zero_has_plus_one():
    w = weight(11)
    w[3, 4] = 0.0
    expected = rank_one(w).values()
    assert rank_one(w).codes[3, 4] == 1
    for dtype, size in ((np.float32, 1e-30), (np.float32, 1e30), (np.float64, 1e-200)):
        found = rank_one((size * w).astype(dtype)).values()
        assert found.dtype == dtype and np.allclose(found / size, expected, rtol=1e-4)
    one_row = np.array([[1e-3, -2.0, 5.0]])
    assert np.allclose(rank_one(one_row).values(), one_row, rtol=1e-12)
    assert np.allclose(rank_one(one_row.T).values(), one_row.T, rtol=1e-12)


def test_without_settings_three_rounds_and_a_hundredth_of_damping():
    w, h = weight(12), moment(12)
    expected = fitted(rank_one(w), w, h, rounds=3, damping=0.01).values()
    assert np.array_equal(fitted(rank_one(w), w, h).values(), expected)
    assert np.array_equal(rank_one(w).values(), rank_one(w, rounds=30).values())


def test_bits_of_scales_may_be_others_and_nothing_is_fitted_by_nothing():
    assert rank_one(weight(13)).bits_per_weight(bits_per_scale=32) == 1 + 32 * 42 / 360
    zeros = np.zeros((3, 2))
    with np.errstate(all="raise"):
        assert not fitted(rank_one(zeros), zeros, np.eye(3)).values().any()


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: rank_one(np.ones(3)), r"rank_one: w is float64 \(3,\)"),
        (lambda: rank_one(np.ones((2, 2)), rounds=0), "rank_one: rounds is 0"),
        (
            lambda: fitted(RankOne(np.ones((2, 2)), np.ones(2), np.ones(2)), np.ones((3, 2)), 1),
            r"fitted: w \(3, 2\) does not fit codes \(2, 2\)",
        ),
        (lambda: fitted(rank_one(np.ones((2, 2))), np.ones((2, 2)), np.eye(3)), "second_moment"),
        (
            lambda: fitted(rank_one(np.ones((2, 2))), np.ones((2, 2)), np.eye(2), rounds=-1),
            "fitted: rounds is -1",
        ),
        (
            lambda: fitted(rank_one(np.ones((2, 2))), np.ones((2, 2)), np.eye(2), rounds=1.5),
            "fitted: rounds is 1.5, but must be a whole number, 0 or above",
        ),
        (
            lambda: fitted(rank_one(np.ones((2, 2))), np.ones((2, 2)), np.eye(2), damping=-1),
            "fitted: damping is -1",
        ),
        (
            lambda: fitted(rank_one(np.ones((3, 2))), np.ones((2, 3)), np.eye(2)),
            r"fitted: w \(2, 3\) does not fit codes \(3, 2\)",
        ),
        (
            lambda: fitted(rank_one(np.ones((2, 2))), np.ones((2, 2), int), np.eye(2)),
            "fitted: w is int64",
        ),
        (
            lambda: fitted(rank_one(np.ones((2, 2))), np.full((2, 2), np.nan), np.eye(2)),
            "fitted: some weights are not finite",
        ),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
