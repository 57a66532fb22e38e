"""Edits of a matrix: constraints hold, nothing feasible moves less, limits are as derived."""

import re

import numpy as np
import pytest

from tinyffn.studies.keyvalue.covariance import covariance
from tinyffn.studies.keyvalue.edit import batch_edit, rank_one_edit

D_FF, D_MODEL = 12, 5


def problem(seed, n=()):
    """W, keys and values of n facts (or of one), and a covariance far from the identity."""
    rng = np.random.default_rng(seed)
    others = np.maximum(rng.normal(size=(200, D_FF)) @ rng.normal(size=(D_FF, D_FF)), 0)
    w = rng.normal(size=(D_FF, D_MODEL))
    keys = np.maximum(rng.normal(size=(*n, D_FF)), 0)
    return w, keys, rng.normal(size=(*n, D_MODEL)), covariance(others)


def moved(change, c):
    return np.trace(change.T @ c @ change)


@pytest.mark.parametrize("seed", range(5))
def test_the_new_answer_is_given_and_the_change_is_one_column_times_one_row(seed):
    w, key, value, c = problem(seed)
    before = w.copy()
    edited = rank_one_edit(w, key, value, c)
    np.testing.assert_allclose(key @ edited, value, atol=1e-9)
    assert np.linalg.matrix_rank(edited - w, tol=1e-9) == 1
    assert np.array_equal(w, before)


@pytest.mark.parametrize("seed", range(3))
def test_no_other_edit_that_gives_the_answer_moves_less(seed):
    """Feasible: the edit and any matrix whose rows are combined to nothing by the key."""
    w, key, value, c = problem(seed)
    change = rank_one_edit(w, key, value, c) - w
    least = moved(change, c)
    rng = np.random.default_rng(seed + 100)
    for size in np.repeat(10.0 ** np.arange(-4, 2), 50):
        other = size * rng.normal(size=w.shape)
        other -= np.outer(key, key @ other) / (key @ key)
        np.testing.assert_allclose(key @ (w + change + other), value, atol=1e-9)
        assert moved(change + other, c) > least
    kaczmarz = rank_one_edit(w, key, value, np.eye(D_FF)) - w
    assert moved(kaczmarz, c) > 1.05 * least


def test_with_the_identity_it_is_a_step_of_kaczmarz_so_steps_in_turn_solve_the_system():
    w, keys, values, _ = problem(0, (4,))
    one = rank_one_edit(w, keys[0], values[0], np.eye(D_FF))
    step = np.outer(keys[0], values[0] - keys[0] @ w) / (keys[0] @ keys[0])
    np.testing.assert_allclose(one, w + step, atol=1e-12)
    for i in range(4 * 400):
        w = rank_one_edit(w, keys[i % 4], values[i % 4], np.eye(D_FF))
    np.testing.assert_allclose(keys @ w, values, atol=1e-9)


def test_the_scale_of_the_covariance_does_not_count():
    w, key, value, c = problem(1)
    edited = rank_one_edit(w, key, value, c)
    np.testing.assert_allclose(rank_one_edit(w, key, value, 1e3 * c), edited, atol=1e-10)


def test_float32_stays_float32():
    w, key, value, c = problem(2)
    small = w.astype(np.float32)
    assert rank_one_edit(small, key, value, c).dtype == np.float32
    batch = batch_edit(small, key[None], value[None], c, 1.0)
    assert batch.dtype == np.float32
    expected = batch_edit(w, key[None], value[None], c, 1.0)
    np.testing.assert_allclose(batch, expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("weight", [1e-6, 0.1, 1.0, 10.0, 1e6])
def test_a_batch_of_one_fact_is_a_part_of_the_rank_one_edit(weight):
    w, key, value, c = problem(3)
    s = key @ np.linalg.solve(c, key)
    whole = rank_one_edit(w, key, value, c) - w
    found = batch_edit(w, key[None], value[None], c, weight) - w
    np.testing.assert_allclose(found, s / (weight + s) * whole, atol=1e-9)


def test_a_batch_meets_all_its_facts_as_the_weight_falls_and_none_as_it_grows():
    w, keys, values, c = problem(4, (6,))
    missed = [
        np.abs(keys @ batch_edit(w, keys, values, c, weight) - values).max()
        for weight in (1e-9, 1e-3, 1.0, 1e3)
    ]
    assert missed[0] < 1e-6 and missed == sorted(missed)
    np.testing.assert_allclose(batch_edit(w, keys, values, c, 1e9), w, atol=1e-6)


def test_a_batch_has_the_least_sum_of_what_is_missed_and_what_is_moved():
    """More facts than coefficients: not all can be met. Its derivative by every entry is zero."""
    w, keys, values, c = problem(5, (20,))

    def cost(edited):
        return ((keys @ edited - values) ** 2).sum() + 0.3 * moved(edited - w, c)

    edited = batch_edit(w, keys, values, c, 0.3)
    rng = np.random.default_rng(6)
    for size in np.repeat(10.0 ** np.arange(-3, 2), 20):
        assert cost(edited + size * rng.normal(size=w.shape)) > cost(edited)


def test_facts_whose_keys_do_not_overlap_are_edited_as_if_alone():
    w, _, values, _ = problem(7, (3,))
    keys, c = np.eye(D_FF)[[2, 5, 9]], np.eye(D_FF)
    together = batch_edit(w, keys, values, c, 1e-12)
    alone = w
    for key, value in zip(keys, values, strict=True):
        alone = rank_one_edit(alone, key, value, c)
    np.testing.assert_allclose(together, alone, atol=1e-9)


W, K, V, C = np.ones((3, 2)), np.ones(3), np.ones(2), np.eye(3)


@pytest.mark.parametrize(
    "call, message",
    [
        (
            lambda: rank_one_edit(W.astype(int), K, V, C),
            "rank_one_edit: w is int64 (3, 2), but must be floats (d_ff, d_model)",
        ),
        (
            lambda: rank_one_edit(W, np.ones(2), V, C),
            "rank_one_edit: key (2,) must be (3,) to fit w (3, 2)",
        ),
        (
            lambda: rank_one_edit(W, K, np.ones(3), C),
            "rank_one_edit: value (3,) must be (2,) to fit w (3, 2)",
        ),
        (
            lambda: rank_one_edit(W, K, V, np.eye(2)),
            "rank_one_edit: c (2, 2) must be (3, 3) to fit w (3, 2)",
        ),
        (
            lambda: rank_one_edit(W, 0 * K, V, C),
            "rank_one_edit: kᵀ C⁻¹ k is 0, but must be above 0: key must not be all zeros",
        ),
        (
            lambda: rank_one_edit(W, K, V, -C),
            "rank_one_edit: kᵀ C⁻¹ k is -3, but must be above 0",
        ),
        (
            lambda: rank_one_edit(W, K, V, np.diag([1.0, 1.0, 0.0])),
            "rank_one_edit: c cannot be inverted: make it with covariance(keys), whose ridge",
        ),
        (
            lambda: batch_edit(W, K, V, C, 1.0),
            "batch_edit: keys (3,) must be (1, 3) to fit w (3, 2)",
        ),
        (
            lambda: batch_edit(W, K[None], np.ones((2, 2)), C, 1.0),
            "batch_edit: values (2, 2) must be (1, 2) to fit w (3, 2)",
        ),
        (
            lambda: batch_edit(W, K[None], V[None], C, 0),
            "batch_edit: weight is 0, but must be a number above 0",
        ),
        (
            lambda: batch_edit(W, K[None], V[None], np.zeros((3, 3)), 1.0),
            "batch_edit: c cannot be inverted",
        ),
    ],
)
def test_what_does_not_fit_is_said(call, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        call()
