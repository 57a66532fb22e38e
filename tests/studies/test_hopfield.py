"""Retrieval: rules written place by place, energy that never rises, attention, and the wall."""

import math
import re

import numpy as np
import pytest

from tinyffn import nn, ops
from tinyffn.studies.hopfield import (
    energy,
    flipped,
    hopfield_weights,
    look_up,
    overlap,
    random_patterns,
    relu_above,
    settle,
    softmax_of,
    unchanged,
)


def test_patterns_are_coins_and_flips_are_counted():
    rng = np.random.default_rng(0)
    patterns = random_patterns(200, 50, rng=rng)
    assert patterns.dtype == np.float32 and set(np.unique(patterns)) == {-1, 1}
    assert abs(patterns.mean()) < 0.05
    damaged = flipped(patterns, 0.2, rng=rng)
    assert (np.sum(damaged != patterns, axis=1) == 10).all()
    assert len({tuple(row) for row in damaged != patterns}) > 190  # other places in each
    np.testing.assert_allclose(overlap(damaged, patterns), 0.6, rtol=1e-6)


def test_weights_by_hand():
    w = hopfield_weights(np.array([[1.0, -1.0, 1.0], [1.0, 1.0, 1.0]]))
    np.testing.assert_allclose(w, np.array([[0, 0, 2], [0, 0, 0], [2, 0, 0]]) / 3)


def test_it_settles_place_by_place_and_its_energy_never_rises():
    rng = np.random.default_rng(1)
    patterns = random_patterns(12, 40, rng=rng)
    w, states = hopfield_weights(patterns), random_patterns(5, 40, rng=rng)
    kept = states.copy()
    before = energy(w, states)
    expected = np.empty_like(states)
    order = np.random.default_rng(2).permutation(40)
    for row, state in enumerate(states):
        state = list(state)
        for i in order:
            pull = sum(w[i, j] * state[j] for j in range(40))
            state[i] = state[i] if pull == 0 else math.copysign(1, pull)
        expected[row] = state
    found = settle(w, states, rng=np.random.default_rng(2), sweeps=1)
    assert np.array_equal(found, expected) and np.array_equal(states, kept)
    assert (energy(w, found) <= before + 1e-4).all() and (energy(w, found) < before).any()
    rest = settle(w, states, rng=np.random.default_rng(2), sweeps=50)
    one, two = np.random.default_rng(3), np.random.default_rng(3)
    assert np.array_equal(settle(w, rest, rng=one), rest)
    two.permutation(40)  # one sweep, in which nothing changes, is the last
    assert one.random() == two.random()
    np.testing.assert_allclose(energy(w, states)[0], -0.5 * states[0] @ w @ states[0], rtol=1e-5)


def test_a_place_that_is_pulled_nowhere_keeps_its_sign():
    states = np.array([[1.0, -1.0]])
    assert np.array_equal(settle(np.zeros((2, 2)), states, rng=np.random.default_rng(0)), states)


def test_there_is_a_wall():
    rng = np.random.default_rng(3)
    found = {}
    for n_patterns in (15, 90):  # 0.05 and 0.3 of 300
        patterns = random_patterns(n_patterns, 300, rng=rng)
        damaged = flipped(patterns[:10], 0.1, rng=rng)
        rest = settle(hopfield_weights(patterns), damaged, rng=rng)
        found[n_patterns] = overlap(rest, patterns[:10]).mean()
    assert found[15] > 0.99 and found[90] < 0.6  # less than was shown, which is 0.8


def test_softmax_is_one_head_of_attention():
    rng = np.random.default_rng(4)
    keys, values, queries = (rng.normal(size=shape) for shape in [(7, 4), (7, 3), (5, 4)])
    theirs = ops.attention(
        queries, keys, values, causal=False
    ).data  # β = 1: scores are divided by √n
    np.testing.assert_allclose(look_up(keys, values, queries, softmax_of(1.0)), theirs, rtol=1e-10)


def test_a_relu_is_a_feed_forward_layer():
    rng = np.random.default_rng(5)
    keys, values, queries = (rng.normal(size=shape) for shape in [(7, 4), (7, 4), (5, 4)])
    layer = nn.FeedForward(4, 7, rng=rng, activation=ops.relu).astype(np.float64)
    layer.up.w.data[...] = keys.T / 2  # √4
    layer.up.b.data[...] = -0.3
    layer.down.w.data[...] = values
    found = look_up(keys, values, queries, relu_above(0.3))
    np.testing.assert_allclose(found, layer(queries).data, rtol=1e-10, atol=1e-12)


def test_unchanged_is_one_step_of_hopfield_with_its_diagonal():
    rng = np.random.default_rng(6)
    patterns, queries = random_patterns(6, 16, rng=rng), random_patterns(3, 16, rng=rng)
    w = hopfield_weights(patterns) + 6 / 16 * np.eye(16)
    found = look_up(patterns, patterns, queries, unchanged)
    np.testing.assert_allclose(found, queries @ w * 4, rtol=1e-5, atol=1e-5)


def test_what_bends_finds_more_patterns_than_places_what_does_not_gives_back_the_query():
    rng = np.random.default_rng(7)
    patterns = random_patterns(1024, 64, rng=rng)
    damaged = flipped(patterns[:200], 0.2, rng=rng)

    def found(weigh):
        return overlap(np.sign(look_up(patterns, patterns, damaged, weigh)), patterns[:200]).mean()

    assert found(softmax_of(4)) > 0.98 and found(relu_above(3.5)) > 0.98
    assert found(unchanged) < 0.7


def test_large_matches_do_not_overflow():
    y = look_up(np.eye(2) * 1e4, np.eye(2), np.eye(2) * 1e4, softmax_of(8.0))
    np.testing.assert_allclose(y, np.eye(2))


RNG = np.random.default_rng(8)
TWO = np.ones((2, 3))


@pytest.mark.parametrize(
    "call, error, message",
    [
        (lambda: random_patterns(0, 3, rng=RNG), ValueError, "random_patterns: n_patterns is 0"),
        (lambda: random_patterns(2, 3, rng=1), TypeError, "random_patterns: rng is 1, but must be"),
        (lambda: flipped(TWO, 1.0, rng=RNG), ValueError, "flipped: share is 1.0, but must be"),
        (lambda: flipped(TWO, 0.5, rng=1), TypeError, "flipped: rng is 1, but must be a generator"),
        (lambda: overlap(TWO, TWO[0]), ValueError, "overlap: found (2, 3) and patterns (3,)"),
        (lambda: hopfield_weights(TWO[0]), ValueError, "hopfield_weights: an array (3,) must"),
        (lambda: settle(TWO, TWO, rng=RNG), ValueError, "settle: w (2, 3) does not fit states"),
        (lambda: settle(np.eye(3), TWO, rng=1), TypeError, "settle: rng is 1, but must be a gener"),
        (
            lambda: settle(np.eye(3), TWO, rng=RNG, sweeps=0),
            ValueError,
            "settle: sweeps is 0, but must be a whole number above 0",
        ),
        (lambda: softmax_of(0), ValueError, "softmax_of: beta is 0, but must be a number above 0"),
        (lambda: relu_above(np.nan), ValueError, "relu_above: threshold is nan, but must be a"),
        (lambda: look_up(TWO, TWO, TWO, 3), TypeError, "look_up: weigh is 3, but must be a func"),
        (
            lambda: look_up(TWO, np.ones((3, 3)), TWO, unchanged),
            ValueError,
            "look_up: keys (2, 3), values (3, 3) and queries (2, 3) do not fit: they must be",
        ),
        (
            lambda: look_up(TWO, TWO, np.ones((1, 2)), unchanged),
            ValueError,
            "look_up: keys (2, 3), values (2, 3) and queries (1, 2) do not fit",
        ),
    ],
)
def test_message(call, error, message):
    with pytest.raises(error, match=re.escape(message)):
        call()
