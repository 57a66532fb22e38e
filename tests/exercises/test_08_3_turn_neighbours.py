"""The reference of exercise 8.3 against matrices of turns, the library, and the laws of turns."""

import math

import numpy as np
import pytest

from tinyffn.gradcheck import check_pair
from tinyffn.ops import rotary


@pytest.fixture
def turn(part):
    return part("8.3", "reference").turn


@pytest.mark.parametrize(("base", "d"), [(10000.0, 6), (100, 4), (3.5, 2)])
def test_each_pair_is_multiplied_by_the_matrix_of_its_turn(turn, base, d, seeds):
    for seed in seeds:
        rng = np.random.default_rng(seed)
        x, dy = rng.normal(size=(2, 3, 4, d))
        positions = rng.uniform(-50, 50, size=(3, 4))
        y, backward = turn(x, positions, base)
        dx = backward(dy)
        for row in np.ndindex(3, 4):
            for c in range(d // 2):
                a = positions[row] / math.pow(base, 2 * c / d)
                matrix = np.array([[math.cos(a), -math.sin(a)], [math.sin(a), math.cos(a)]])
                pair = (*row, slice(2 * c, 2 * c + 2))
                np.testing.assert_allclose(y[pair], matrix @ x[pair], atol=1e-12)
                np.testing.assert_allclose(dx[pair], matrix.T @ dy[pair], atol=1e-12)


def test_it_is_the_library_s_turn_with_its_channels_shuffled(turn, seeds):
    halves = np.array([0, 2, 4, 1, 3, 5])  # where the library looks for the pairs
    for seed in seeds:
        rng = np.random.default_rng(seed)
        x, dy = rng.normal(size=(2, 3, 5, 6))
        positions = rng.integers(-9, 99, size=5)
        y, backward = turn(x, positions, 50.0)
        their_y, theirs = rotary.pair(x[..., halves], positions=positions, base=50.0)
        np.testing.assert_allclose(y[..., halves], their_y, atol=1e-12)
        np.testing.assert_allclose(
            backward(dy)[..., halves], theirs(dy[..., halves])[0], atol=1e-12
        )


@pytest.mark.parametrize("positions", [(5,), (3, 1, 5), (3, 2, 1), ()], ids=str)
def test_dx_is_the_derivative_for_any_shape_of_positions(turn, positions, seeds):
    for seed in seeds:
        rng = np.random.default_rng(seed)
        places = rng.integers(-9, 9, size=positions)

        def pair(x, places=places):
            y, backward = turn(x, places)
            return y, lambda dy: (backward(dy),)

        assert check_pair(pair, rng.normal(size=(3, 2, 5, 4)), rng=rng) < 1e-6


def test_a_turn_keeps_lengths_is_undone_by_backward_and_scores_know_the_distance(turn, seeds):
    for seed in seeds:
        rng = np.random.default_rng(seed)
        q, k = rng.normal(size=(2, 5, 6))
        positions, moved = rng.integers(-100, 100, size=5), int(rng.integers(1000))
        y, backward = turn(q, positions)
        np.testing.assert_allclose(np.linalg.norm(y, axis=1), np.linalg.norm(q, axis=1))
        np.testing.assert_allclose(backward(y), q, atol=1e-12)
        keys, far_keys = turn(k, positions)[0], turn(k, positions + moved)[0]
        far = turn(q, positions + moved)[0]
        np.testing.assert_allclose(y @ keys.T, far @ far_keys.T, atol=1e-10)


def test_float32_stays_and_far_positions_keep_their_digits(turn):
    x, dy = np.random.default_rng(0).normal(size=(2, 3, 6)).astype("float32")
    positions = np.array([0, 7, 123_456_789])
    y, backward = turn(x, positions)
    exact, exact_backward = turn(x.astype("float64"), positions)
    assert y.dtype == backward(dy).dtype == np.float32
    np.testing.assert_allclose(y, exact, atol=1e-6)
    np.testing.assert_allclose(backward(dy), exact_backward(dy.astype("float64")), atol=1e-6)


def test_views_are_taken_as_they_are(turn):
    x = np.random.default_rng(0).normal(size=(6, 5)).T
    y, backward = turn(x, np.arange(5))
    assert np.array_equal(y, turn(x.copy(), np.arange(5))[0])
    assert np.array_equal(backward(np.broadcast_to(1.0, (5, 6))), backward(np.ones((5, 6))))
