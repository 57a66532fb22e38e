"""Rotary positions: what the turns keep, and how fast they are."""

import numpy as np

from tinyffn import ops

rng = np.random.default_rng(0)


def test_rotary_turns_and_so_keeps_lengths_and_knows_only_distances():
    q, k = rng.standard_normal((2, 1, 8))

    def turned(x, place):
        return ops.rotary.pair(x, positions=[place])[0]

    for m, n in [(0, 0), (3, 1), (2, 9), (1000, 1007)]:
        expected = q @ turned(k, n - m).T
        np.testing.assert_allclose(turned(q, m) @ turned(k, n).T, expected, rtol=0, atol=1e-12)
        np.testing.assert_allclose(np.linalg.norm(turned(q, m)), np.linalg.norm(q), rtol=1e-14)
    np.testing.assert_array_equal(turned(q, 0), q)
    np.testing.assert_allclose(turned(turned(q, 5), -5), q, rtol=0, atol=1e-14)


def test_rotary_turns_the_first_pair_a_radian_a_place_and_the_last_slowest():
    x = np.array([[1.0, 1.0, 0.0, 0.0]])  # pairs are channels (0, 2) and (1, 3)
    y = ops.rotary.pair(x, positions=[1], base=100.0)[0]
    expected = [[np.cos(1.0), np.cos(0.1), np.sin(1.0), np.sin(0.1)]]
    np.testing.assert_allclose(y, expected, rtol=1e-15)
