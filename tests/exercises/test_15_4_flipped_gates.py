"""The reference of exercise 15.4 against drawn inputs, an integral, and the library."""

import math

import numpy as np
import pytest

from tinyffn.bits.angles import angles_between, flipped_share
from tinyffn.bits.schemes import binary


@pytest.fixture
def flipped_gates(part):
    return part("15.4", "reference").flipped_gates


def drawn(seed, d_in=5, d_out=4):
    rng = np.random.default_rng(seed)
    w = rng.normal(size=(d_in, d_out))
    mix = rng.normal(size=(d_in, d_in))
    return w, w + rng.normal(size=w.shape) * rng.uniform(0.1, 3, d_out), mix


def test_a_million_inputs_flip_and_lose_as_much(flipped_gates):
    w, v, mix = drawn(0)
    x = np.random.default_rng(1).normal(size=(400_000, 5)) @ mix.T
    on, now = x @ w > 0, x @ v > 0
    passed = np.where(on, x @ w, 0) ** 2
    flips, lost = flipped_gates(w, v, mix @ mix.T)
    np.testing.assert_allclose(flips, (on != now).mean(axis=0), atol=3e-3)
    np.testing.assert_allclose(lost, (passed * ~now).sum(axis=0) / passed.sum(axis=0), atol=3e-3)


def test_it_is_an_integral_over_the_directions_of_a_plane(flipped_gates, seeds):
    turns = (np.arange(20_000) + 0.5) / 20_000 * 2 * math.pi
    g = np.stack([np.cos(turns), np.sin(turns)], axis=1)
    for seed in seeds:
        w, v, mix = drawn(seed, d_in=2)
        a, b = g @ mix.T @ w, g @ mix.T @ v
        passed = np.where(a > 0, a, 0) ** 2
        flips, lost = flipped_gates(w, v, mix @ mix.T)
        np.testing.assert_allclose(flips, ((a > 0) != (b > 0)).mean(axis=0), atol=1e-3)
        by_sum = (passed * (b <= 0)).sum(axis=0) / passed.sum(axis=0)
        np.testing.assert_allclose(lost, by_sum, atol=1e-3)


def test_without_preferred_directions_it_is_the_library_s_angle(flipped_gates, seeds):
    for seed in seeds:
        w = drawn(seed, 40, 6)[0]
        v = binary(w, per=8).values()
        flips, _ = flipped_gates(w, v, 2.5 * np.eye(40))
        angles = angles_between(w, v)
        np.testing.assert_allclose(flips, [flipped_share(a) for a in angles], rtol=1e-10)


def test_signs_flip_a_fifth_of_the_gates_and_lose_a_twentieth(flipped_gates):
    w = np.random.default_rng(2).normal(size=(800, 50))
    found = flipped_gates(w, np.where(w >= 0, 1.0, -1.0), np.eye(800))
    flips, lost = np.mean(found, axis=1)
    np.testing.assert_allclose(flips, 0.206, atol=1e-3)
    np.testing.assert_allclose(lost, 0.053, atol=1e-3)


def test_neurons_that_are_never_on(flipped_gates):
    w, v = np.array([[1.0, 0.0, 0.0]]), np.array([[0.0, 1.0, 0.0]])
    flips, lost = flipped_gates(w, v, np.array([[2.0]]))
    assert flips.tolist() == [0.5, 0.5, 0.0] and lost.tolist() == [1.0, 0.0, 0.0]
