"""The reference of exercise 15.1 against all signs, other scales, the library, and drawn inputs."""

import itertools

import numpy as np
import pytest

from tinyffn.bits.schemes import binary


@pytest.fixture
def group_binarize(part):
    return part("15.1", "reference").group_binarize


def drawn(seed, d_in, d_out):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(d_in, d_out)), rng.uniform(0.1, 3, size=d_in)


def weighted_error(w, importance, group, codes, scale):
    values = codes * np.repeat(scale, group, axis=0)[: len(w)]
    return (importance[:, np.newaxis] * (w - values) ** 2).sum(axis=0)


def test_no_other_signs_with_any_scale_are_better(group_binarize, seeds):
    steps = np.linspace(-4, 4, 161)
    for seed in seeds:
        w, importance = drawn(seed, 5, 1)
        least = weighted_error(w, importance, 5, *group_binarize(w, importance, 5))
        for codes in itertools.product([-1, 1], repeat=5):
            values = steps * np.array(codes)[:, np.newaxis]
            errors = (importance[:, np.newaxis] * (w - values) ** 2).sum(axis=0)
            assert errors.min() > least - 1e-12


@pytest.mark.parametrize("group", [1, 4, 7, 9])
def test_no_other_scale_of_a_group_is_better(group_binarize, group, seeds):
    for seed in seeds:
        w, importance = drawn(seed, 9, 3)
        codes, scale = group_binarize(w, importance, group)
        least = weighted_error(w, importance, group, codes, scale).sum()
        for place in np.ndindex(scale.shape):
            for step in (-1e-3, 1e-3):
                moved = scale.copy()
                moved[place] += step
                assert weighted_error(w, importance, group, codes, moved).sum() > least


def test_with_equal_importances_it_is_the_library_s(group_binarize, seeds):
    for seed in seeds:
        w, _ = drawn(seed, 10, 3)
        for group in (3, 10, 20):
            codes, scale = group_binarize(w, np.full(10, 0.7), group)
            found = binary(w, per=group)
            assert np.array_equal(codes, found.codes)
            np.testing.assert_allclose(scale, found.scale, rtol=1e-12)


def test_the_weighted_error_is_that_of_the_output_for_independent_inputs(group_binarize):
    w, importance = drawn(0, 6, 4)
    codes, scale = group_binarize(w, importance, 2)
    x = np.random.default_rng(1).normal(size=(100_000, 6)) * np.sqrt(importance)
    missed = x @ (w - codes * np.repeat(scale, 2, axis=0))
    expected = weighted_error(w, importance, 2, codes, scale)
    np.testing.assert_allclose((missed**2).mean(axis=0), expected, rtol=0.02)
