"""The second moment of keys: its formula, a ridge as large as it says, free directions."""

import re

import numpy as np
import pytest

from tinyffn.studies.keyvalue.covariance import covariance


def test_it_is_the_mean_of_outer_products_and_a_ridge():
    keys = np.random.default_rng(0).normal(size=(5, 3, 4)).astype(np.float32)
    found = sum(np.outer(k, k) for k in keys.reshape(-1, 4).astype(np.float64)) / 15
    c = covariance(keys, ridge=0)
    assert c.dtype == np.float64
    np.testing.assert_allclose(c, found, rtol=1e-12)
    np.testing.assert_allclose(
        covariance(keys, ridge=0.1) - c, 0.1 * np.trace(c) / 4 * np.eye(4), atol=1e-12
    )


def test_it_measures_how_far_a_change_is_heard():
    rng = np.random.default_rng(1)
    keys, change = rng.normal(size=(50, 4)), rng.normal(size=(4, 3))
    heard = np.mean(((keys @ change) ** 2).sum(axis=1))
    assert np.trace(change.T @ covariance(keys, ridge=0) @ change) == pytest.approx(heard)


def test_a_dead_coefficient_does_not_keep_it_from_being_inverted():
    keys = np.random.default_rng(2).normal(size=(50, 4))
    keys[:, 2] = 0
    values = np.linalg.eigvalsh(covariance(keys))
    assert np.linalg.matrix_rank(covariance(keys, ridge=0)) == 3
    assert values[0] == pytest.approx(1e-4 * np.mean((keys**2).sum(axis=1)) / 4)


@pytest.mark.parametrize(
    "keys, settings, message",
    [
        (np.zeros((0, 4)), {}, "covariance: keys (0, 4) must be (..., d_ff), at least one key"),
        (np.float64(1), {}, "covariance: keys () must be (..., d_ff)"),
        (np.array([[1.0, np.nan]]), {}, "covariance: a key is not finite: take them from"),
        (np.ones((2, 4)), {"ridge": -1}, "covariance: ridge is -1, but must be a number, 0 or"),
    ],
)
def test_what_does_not_fit_is_said(keys, settings, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        covariance(keys, **settings)
