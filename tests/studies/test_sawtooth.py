"""The sawtooth: exact to the last bit, and out of reach for few pieces."""

import re

import numpy as np
import pytest

from tinyffn.studies.layers import run
from tinyffn.studies.pieces import corners, pieces_along_line
from tinyffn.studies.sawtooth import sawtooth, sawtooth_layers, shallow_l1, with_noise

LINE = {"start": [0.0], "direction": [1.0], "low": 0.0, "high": 1.0}


def _tent(x):
    return np.where(x < 0.5, 2 * x, 2 - 2 * x)


@pytest.mark.parametrize("depth", [1, 2, 5, 10])
def test_network_formula_and_the_tent_put_into_itself_agree_to_the_last_bit(depth):
    x = np.arange(2 ** (depth + 3) + 1) / 2 ** (depth + 3)
    y = x
    for _ in range(depth):
        y = _tent(y)
    assert np.array_equal(sawtooth(x, depth), y)
    assert np.array_equal(run(sawtooth_layers(depth), x[:, None])[:, 0], y)


@pytest.mark.parametrize("depth", [1, 2, 5, 10])
def test_twice_depth_units_have_two_to_the_depth_pieces(depth):
    layers = sawtooth_layers(depth)
    assert sum(len(b) for _, b in layers[:-1]) == 2 * depth
    assert pieces_along_line(layers, **LINE) == 2**depth
    assert np.array_equal(corners(layers, **LINE), np.arange(1, 2**depth) / 2**depth)


def test_few_pieces_are_as_bad_as_a_constant_and_enough_are_exact():
    assert shallow_l1(4, 1) == pytest.approx(0.25, abs=1e-3)  # ∫ |sawtooth - 1/2| = 1/4
    assert shallow_l1(4, 8) == pytest.approx(0.25, abs=1e-3)
    assert 0.1 < shallow_l1(4, 15) < 0.25
    assert shallow_l1(4, 16) < 1e-12 and shallow_l1(4, 32) < 1e-12
    for depth in (3, 4, 5):
        assert shallow_l1(depth, 2 ** (depth - 2)) > 1 / 32  # the theorem's bound


def test_noise_multiplies_every_number():
    layers = sawtooth_layers(3)
    noisy = with_noise(layers, 0.01, rng=np.random.default_rng(0))
    ratios = np.concatenate([n[o != 0] / o[o != 0] for ns, os in zip(noisy, layers, strict=True)
                             for n, o in zip(ns, os, strict=True)])  # fmt: skip
    assert len(ratios) == 2 + 4 + 4 + 2 + 3 and len(set(ratios)) == len(ratios)
    assert 0.003 < np.std(ratios) < 0.03
    for (w, b), (same_w, same_b) in zip(
        layers, with_noise(layers, 0, rng=np.random.default_rng(0)), strict=True
    ):
        assert np.array_equal(w, same_w) and np.array_equal(b, same_b)


MISTAKES = [
    (lambda: sawtooth(0.5, 0), ValueError, "sawtooth: depth is 0, but must be a whole number"),
    (lambda: sawtooth_layers(1.0), ValueError, "sawtooth_layers: depth is 1.0, but must be a"),
    (lambda: shallow_l1(3, 0), ValueError, "shallow_l1: n_pieces is 0, but must be a whole"),
    (lambda: with_noise([], -1, rng=None), ValueError, "with_noise: share is -1, but must be a"),
    (lambda: with_noise([], 0.1, rng=7), TypeError, "with_noise: rng is 7, but must be a"),
]


@pytest.mark.parametrize("mistake, error, message", MISTAKES, ids=[m[2] for m in MISTAKES])
def test_message(mistake, error, message):
    with pytest.raises(error, match=re.escape(message)):
        mistake()
