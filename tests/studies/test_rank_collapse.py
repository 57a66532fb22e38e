"""Rank collapse: what is exact in it, the cubic law, and the order of what slows it down."""

import re

import numpy as np
import pytest

from tinyffn import ops
from tinyffn.studies.rank_collapse import difference, differences, one_layer

SEEDS = (1, 2, 3)


def test_difference_of_known_tokens():
    same = np.tile([3.0, -1.0], (4, 1))
    assert difference(same) == 0
    opposite = np.array([[1.0, 2.0], [-1.0, -2.0]])
    assert difference(opposite) == pytest.approx(1)
    x = np.array([[1.0, 1.0], [1.0, -1.0]])  # half of the squares are common
    assert np.allclose(difference(np.stack([x, 5 * x])), np.sqrt(0.5))


def test_one_row_for_each_seed():
    both = differences(SEEDS, depth=2)
    assert both.shape == (3, 3)
    assert np.array_equal(differences((2,), depth=2), both[1:2])
    assert np.all(both[:, 0] > 0.9)


def test_attention_cubes_small_differences_and_a_skip_keeps_them():
    spreads = (1e-2, 1e-3)

    def slope(**parts):
        return np.log10(np.divide(*one_layer(SEEDS, spreads, **parts).T))

    assert np.allclose(slope(), 3, atol=0.01)
    assert np.allclose(slope(activation=ops.relu), 3, atol=0.05)
    assert np.allclose(slope(skip=True), 1, atol=0.01)
    assert np.allclose(slope(causal=True), 1, atol=0.02)  # the first tokens mix fewer than the last


def test_an_mlp_does_not_stop_it_a_skip_slows_it_and_a_norm_as_well():
    def after_12(**parts):
        return np.median(differences(SEEDS, depth=12, **parts)[:, -1])

    mlp = {"activation": ops.relu}
    assert after_12() < 1e-14 and after_12(**mlp) < 1e-14 and after_12(**mlp, norm="before") < 1e-14
    assert 0.05 < after_12(**mlp, skip=True) < 0.4
    assert after_12(**mlp, skip=True, norm="before") > 0.4
    assert after_12(**mlp, skip=True, norm="before", branch=24**-0.5) > 0.9


def test_a_spread_is_above_0():
    with pytest.raises(ValueError, match=re.escape("one_layer: spread is 0, but must be a number")):
        one_layer(SEEDS, (0,))
