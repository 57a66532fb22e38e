"""The reference of exercise 15.2 against all 3^n codes, the library's rules, and Lloyd and Max."""

import itertools

import numpy as np
import pytest

from tinyffn.bits.limits import lloyd_max
from tinyffn.bits.ternary import ternary


@pytest.fixture
def best_ternary(part):
    return part("15.2", "reference").best_ternary


def drawn(seed, d_in, d_out):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(d_in, d_out)) * rng.choice([0.2, 1, 5], size=(d_in, d_out))


def lost(w, codes, scale):
    return ((w - scale * codes) ** 2).sum(axis=0)


def test_no_other_codes_with_their_best_scale_are_better(best_ternary, seeds):
    every = np.array(list(itertools.product([-1, 0, 1], repeat=6))[:364])  # and their opposites
    for seed in seeds:
        w = drawn(seed, 6, 4)
        scale = (every @ w) / np.maximum((every**2).sum(axis=1, keepdims=True), 1)
        errors = ((w - scale[:, np.newaxis] * every[..., np.newaxis]) ** 2).sum(axis=1)
        np.testing.assert_allclose(lost(w, *best_ternary(w)), errors.min(axis=0), rtol=1e-10)


def test_never_worse_than_any_threshold_of_the_library(best_ternary, seeds):
    for seed in seeds:
        w = drawn(seed, 50, 3)
        least = lost(w, *best_ternary(w))
        for share in np.linspace(0, 3, 13):
            found = ternary(w, threshold=share, scale="least squares")
            assert (lost(w, found.codes, found.scale) >= least - 1e-9).all()


def test_for_many_gaussian_weights_it_is_the_limit_of_lloyd_and_max(best_ternary):
    w = np.random.default_rng(0).normal(size=(1_000_000, 1))
    codes, scale = best_ternary(w)
    limit = lloyd_max(3)
    assert lost(w, codes, scale).item() / (w**2).sum() == pytest.approx(limit.error, rel=0.01)
    assert scale.item() == pytest.approx(limit.values[2], rel=0.02)


def test_zeros_have_code_0(best_ternary):
    codes, scale = best_ternary(np.array([[0.0, 0.0], [0.0, 2.0], [-0.0, -2.0]]))
    assert codes.T.tolist() == [[0, 0, 0], [0, 1, -1]] and scale.tolist() == [0.0, 2.0]
