"""The reference of exercise 17.3 against steps of the library's AdamW, taken at many rates."""

import numpy as np
import pytest

from tinyffn import nn, optim


@pytest.fixture
def reference(part):
    return part("17.3", "reference")


def drawn(rng):
    """A state after some steps, in which two weights are 0."""
    w, m, v = rng.normal(size=30), rng.normal(size=30), rng.uniform(0.1, 2, 30)
    w[:2] = 0.0
    return w, rng.normal(size=30), m, v


def after_a_step(w, g, m, v, t, rate, **settings):
    """The weights after step t of the library's AdamW, at this rate."""
    p = nn.Parameter(w)
    optimizer = optim.AdamW([p], rate, **settings)
    optimizer.m[0][...], optimizer.v[0][...], optimizer.t[0] = m, v, t - 1
    p.grad = g
    optimizer.step()
    return p.data


@pytest.mark.parametrize("t, settings", [
    (1, {}), (2, {"weight_decay": 0.3}), (9, {"betas": (0.5, 0.9), "eps": 0.1}),
])  # fmt: skip
def test_signs_flip_just_above_the_limit_and_not_below(reference, t, settings, seeds):
    settings = {"weight_decay": 0.0, **settings}
    for seed in seeds:
        state = drawn(np.random.default_rng(seed))
        limits = reference.flip_limits(*state, t, **settings)
        sign = state[0] >= 0
        assert 0 < np.isfinite(limits).sum() < 30
        for i in np.flatnonzero(np.isfinite(limits)):
            below, above = 0.9999 * limits[i], 1.0001 * limits[i] + 1e-9
            for rate, flips in ((below, False), (above, True)):
                new = after_a_step(*state, t, rate, **settings)
                assert ((new[i] >= 0) != sign[i]) == flips
        never = ~np.isfinite(limits)
        for rate in (1e-3, 1.0, 1e3):
            new = after_a_step(*state, t, rate, **settings)
            assert np.array_equal((new >= 0)[never], sign[never])


def test_shares_are_those_of_signs_that_a_step_flips(reference, seeds):
    for seed in seeds:
        rng = np.random.default_rng(seed)
        state, rates = drawn(rng), rng.uniform(0.01, 2, 7)
        limits = reference.flip_limits(*state, 3, weight_decay=0.1)
        new = [after_a_step(*state, 3, rate, weight_decay=0.1) for rate in rates]
        flipped = [np.mean((w >= 0) != (state[0] >= 0)) for w in new]
        np.testing.assert_allclose(reference.flipped_shares(limits, rates), flipped, rtol=1e-12)


def test_the_first_step_compares_sizes_with_the_rate(reference):
    w, g = np.array([0.3, -0.2, 0.7, -0.4]), np.array([1e-3, -50.0, -1.0, 1.0])
    limits = reference.flip_limits(w, g, np.zeros(4), np.zeros(4), 1)
    np.testing.assert_allclose(limits, [0.3, 0.2, np.inf, np.inf], rtol=1e-4)
