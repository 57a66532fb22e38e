"""Edits of a memory by signs: the sum that they lower, and the answers that they change."""

import itertools
import re

import numpy as np
import pytest

from tinyffn.bits.schemes import binary
from tinyffn.bits.ternary import ternary
from tinyffn.models import transformer
from tinyffn.nn.module import Parameter
from tinyffn.studies.keyvalue.flip import flip_by_gradient, flip_edit
from tinyffn.studies.keyvalue.memories import memories
from tinyffn.studies.keyvalue.neurons import chances


def drawn(seed, d_ff=7, d_model=3):
    rng = np.random.default_rng(seed)
    stored = binary(rng.normal(size=(d_ff, d_model)))
    keys = np.maximum(rng.normal(size=(50, d_ff)), 0)
    key = np.maximum(rng.normal(size=d_ff), 0) + 0.1
    value = key @ stored.values() + rng.normal(size=d_model)
    return stored, key, value, keys.T @ keys / 50


def cost(w, stored, key, value, c, weight):
    """The sum that flip_edit lowers, for each column."""
    change = w - stored.values()
    return (key @ w - value) ** 2 + weight * np.einsum("ij,ik,kj->j", change, c, change)


@pytest.mark.parametrize("weight", [0.0, 0.1, 1.0])
def test_no_further_turn_lowers_the_sum_and_it_is_near_the_least_of_all(weight):
    for seed in range(5):
        given = stored, key, value, c = drawn(seed)
        edited = flip_edit(*given, weight)
        assert np.array_equal(edited.scale, stored.scale) and set(np.unique(edited.codes)) == {
            -1,
            1,
        }
        found, before = (cost(q.values(), *given, weight) for q in (edited, stored))
        assert (found <= before).all()
        for i, j in np.ndindex(7, 3):
            w = edited.values()
            w[i, j] *= -1
            assert cost(w, *given, weight)[j] >= found[j] - 1e-12
        every = np.array(list(itertools.product((-1, 1), repeat=7))).T
        least = [
            cost(stored.scale[0, j] * every, _column(stored, j, every), key, value[j], c, weight)
            for j in range(3)
        ]
        assert (np.min(least, axis=1) <= found + 1e-12).all()
        assert found.sum() <= before.sum() / 2 + 1e-12 or weight > 0


class _column:
    """One column of a memory, as often as there are ways to set its signs."""

    def __init__(self, stored, j, every):
        self._values = np.repeat(stored.values()[:, [j]], every.shape[1], axis=1)

    def values(self):
        return self._values


def test_the_first_turn_is_the_one_that_comes_nearest():
    stored, *_ = drawn(1, d_model=1)
    w, key = stored.values(), np.array([0.3, 1.0, 0.2, 0.7, 0.5, 1.3, 0.9])
    for i in range(7):  # the value that one turn gives exactly
        turned = w.copy()
        turned[i] *= -1
        edited = flip_edit(stored, key, key @ turned, np.eye(7), 0.0)
        assert np.flatnonzero(edited.codes != stored.codes).tolist() == [i]


def test_a_large_weight_changes_nothing_and_messages_name_what_is_wrong():
    stored, key, value, c = drawn(2)
    assert np.array_equal(flip_edit(stored, key, value, c, 1e6).codes, stored.codes)
    with pytest.raises(ValueError, match=re.escape("flip_edit: key (6,) must be (7,) to fit")):
        flip_edit(stored, key[1:], value, c, 0.0)
    with pytest.raises(ValueError, match=re.escape("flip_edit: c (7, 6) must be (7, 7) to fit")):
        flip_edit(stored, key, value, c[:, 1:], 0.0)
    with pytest.raises(ValueError, match="flip_edit: quantized must be signs with scales"):
        flip_edit(ternary(stored.values()), key, value, c, 0.0)
    with pytest.raises(ValueError, match="flip_edit: weight"):
        flip_edit(stored, key, value, c, -1.0)


def small_model():
    model = transformer(
        9, 3, n_layers=1, d_model=8, n_heads=2, d_ff=16, rng=np.random.default_rng(0)
    )
    memory = memories(model)[-1]
    memory.layer.down.w = Parameter(binary(4 * memory.values).values())
    return model, memory.layer.down.w


def test_signs_are_turned_until_the_target_is_likely_enough_and_their_sizes_stay():
    model, w = small_model()
    before, prompts = w.data.copy(), np.array([[1, 2, 3], [4, 2, 3]])
    made = flip_by_gradient(model, w, prompts, 5, at_once=2, until=0.25)
    assert chances(model, prompts, np.array([5, 5])).min() > 0.25
    assert np.array_equal(np.abs(before), np.abs(w.data))
    assert 0 < np.count_nonzero(before != w.data) <= made < w.data.size
    assert all(parameter.grad is None for parameter in model.parameters())
    assert flip_by_gradient(model, w, prompts, 5, until=0.25) == 0


def test_the_first_turn_is_the_one_that_the_gradient_names():
    model, w = small_model()
    before, prompts, target = w.data.copy(), np.array([[1, 2, 3]]), np.array([5])
    assert flip_by_gradient(model, w, prompts, 5, at_once=1, flips=1) == 1
    (turned,) = np.argwhere(before != w.data)
    losses = np.empty(before.shape)
    for place in np.ndindex(before.shape):
        w.data[...] = before
        w.data[place] *= 1 - 0.02  # a hundredth of a turn
        losses[place] = -np.log(chances(model, prompts, target)[0])
    assert np.unravel_index(losses.argmin(), losses.shape) == tuple(turned)


def test_messages_of_flips_by_gradient():
    model, w = small_model()
    with pytest.raises(ValueError, match="flip_by_gradient: at_once"):
        flip_by_gradient(model, w, np.array([[1, 2, 3]]), 5, at_once=0)
    with pytest.raises(ValueError, match="flip_by_gradient: flips"):
        flip_by_gradient(model, w, np.array([[1, 2, 3]]), 5, flips=0)
    with pytest.raises(ValueError, match="flip_by_gradient: until"):
        flip_by_gradient(model, w, np.array([[1, 2, 3]]), 5, until=1.5)
