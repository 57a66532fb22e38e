"""New values: found for one place, told by an edit there, without touching what is not edited."""

import re

import numpy as np
import pytest

from tinyffn.studies.keyvalue.edit import batch_edit, rank_one_edit
from tinyffn.studies.keyvalue.memories import coefficients, memories, replaced
from tinyffn.studies.keyvalue.neurons import chances
from tinyffn.studies.keyvalue.new_value import find_value, find_values

from .tiny import KINDS, tiny_model

PROMPTS = np.array([[1, 4, 2, 5], [0, 4, 2, 5], [7, 4, 2, 5]])
TARGETS = np.full(3, 6)


@pytest.mark.parametrize("place", [(0, 3), (1, 3)])
@pytest.mark.parametrize("kind", KINDS)
def test_added_in_the_layer_the_value_tells_the_target_and_the_model_is_as_it_was(kind, place):
    model, (layer, position) = tiny_model(kind, gain=20), place
    memory, before = memories(model)[layer], model.state_dict()
    key, value = find_value(model, memory, PROMPTS, position, 6, until=0.5)
    m = coefficients(model, PROMPTS)[layer][:, position]
    np.testing.assert_allclose(key, m.mean(axis=0), atol=1e-12)
    delta = value - key @ memory.values
    here = (np.arange(4) == position)[:, None]
    model.eval()
    assert chances(model, PROMPTS, TARGETS).min() < 0.5
    with memory.answering(lambda y: y + delta * here):
        assert chances(model, PROMPTS, TARGETS).min() > 0.5
    assert all(np.array_equal(before[name], p.data) for name, p in model.named_parameters())
    assert all(p.grad is None and p.requires_grad for p in model.parameters())


@pytest.mark.parametrize("kind", KINDS)
def test_an_edit_with_it_tells_the_target_and_leaves_the_other_memory_alone(kind):
    model = tiny_model(kind, gain=20)
    first, last = memories(model)
    others = first.values.copy()
    key, value = find_value(model, last, PROMPTS[:1], 3, 6, until=0.5)
    w = last.layer.down.w
    old = w.data
    with replaced(w, "data", rank_one_edit(old, key, value, np.eye(12))):
        assert chances(model, PROMPTS[:1], TARGETS[:1]) > 0.5
        assert np.array_equal(first.values, others)
    assert w.data is old and chances(model, PROMPTS[:1], TARGETS[:1]) < 0.5


def test_with_the_same_key_in_both_places_prompts_get_the_change_on_the_average():
    model = tiny_model("ReLU", gain=20)
    memory, c = memories(model)[0], np.diag(np.arange(1.0, 13.0))
    m = coefficients(model, PROMPTS)[0][:, 3]
    key, value = find_value(model, memory, PROMPTS, 3, 6)
    delta = value - key @ memory.values
    change = rank_one_edit(memory.values, key, value, c) - memory.values
    np.testing.assert_allclose((m @ change).mean(axis=0), delta, atol=1e-9)
    assert not np.allclose(m @ change, delta, atol=1e-3)
    of_one = rank_one_edit(memory.values, key, delta + m[0] @ memory.values, c) - memory.values
    assert not np.allclose((m @ of_one).mean(axis=0), delta, atol=1e-3)


@pytest.mark.parametrize("kind", KINDS)
def test_many_facts_at_once_are_found_as_each_alone(kind):
    model = tiny_model(kind, gain=20)
    memory = memories(model)[0]
    prompts, targets = np.stack([PROMPTS[:2], 8 - PROMPTS[:2]]), np.array([[6, 6], [3, 3]])
    keys, values = find_values(model, memory, prompts, 3, targets)
    for i in range(2):
        key, value = find_value(model, memory, prompts[i], 3, targets[i])
        np.testing.assert_allclose(keys[i], key, atol=1e-9)
        np.testing.assert_allclose(values[i], value, atol=1e-9)
    edited = batch_edit(memory.values, keys, values, np.eye(12), 1e-9)
    np.testing.assert_allclose(keys @ edited, values, atol=1e-5)


def test_each_prompt_may_have_its_own_target_and_attention_carries_it_to_the_answer():
    """The two prompts end in different words; at position 2 nothing tells them apart."""
    model = tiny_model("ReLU", gain=20).eval()
    prompts = np.array([[1, 4, 2, 5], [1, 4, 2, 0]])
    stays = model(prompts[1:]).data[0, -1].argmax()
    memory, here = memories(model)[0], (np.arange(4) == 2)[:, None]
    losses = []
    for targets in ([6, stays], [stays, 6]):
        key, value = find_value(model, memory, prompts, 2, targets, rate=0.05)
        delta = value - key @ memory.values
        with memory.answering(lambda y, delta=delta: y + delta * here):
            losses.append(-np.log(chances(model, prompts, [6, stays])).mean())
    assert losses[0] < -np.log(chances(model, prompts, [6, stays])).mean() - 1
    assert losses[0] < losses[1] - 0.1


def test_where_no_later_attention_looks_nothing_is_found():
    model = tiny_model("ReLU", gain=20)
    memory = memories(model)[1]
    key, value = find_value(model, memory, PROMPTS, 1, 6)
    np.testing.assert_allclose(value, key @ memory.values, atol=1e-12)


def test_it_goes_no_farther_than_it_must():
    model = tiny_model("ReLU", gain=20)
    memory = memories(model)[1]
    lengths = []
    for until in (0.0, 0.5, 0.9, 0.99):
        key, value = find_value(model, memory, PROMPTS, 3, 6, until=until)
        lengths.append(np.linalg.norm(value - key @ memory.values))
    assert lengths[0] == pytest.approx(0, abs=1e-12) and lengths == sorted(lengths)
    assert lengths[1] < lengths[3]


def test_the_last_step_counts():
    """The first step of Adam is as long as its rate in every direction, up or down."""
    model = tiny_model("ReLU", gain=20)
    memory = memories(model)[0]
    key, value = find_value(model, memory, PROMPTS, 3, 6, rate=0.03, steps=1)
    np.testing.assert_allclose(np.abs(value - key @ memory.values), 0.03, rtol=1e-4)


def test_float32_stays_float32():
    model = tiny_model("ReLU", gain=20).astype(np.float32)
    key, value = find_value(model, memories(model)[0], PROMPTS, 3, 6)
    assert key.dtype == value.dtype == np.float32


@pytest.mark.parametrize(
    "prompts, position, targets, settings, message",
    [
        (PROMPTS[0], 3, 6, {}, "find_value: prompts (4,) must be (n_prompts, T)"),
        (PROMPTS[:0], 3, 6, {}, "find_values: prompts (1, 0, 4) must be (n, n_prompts, T)"),
        (PROMPTS, 3, [6, 6], {}, "find_values: targets (1, 2) must be (1, 3), one for each"),
        (PROMPTS, 3, 9, {}, "find_values: targets run from 9 to 9, but must be from 0 to 8"),
        (PROMPTS, 4, 6, {}, "find_values: position is 4, but must be a whole number from 0 to 3"),
        (PROMPTS, 1.5, 6, {}, "find_values: position is 1.5, but must be a whole number from 0 to"),
        (PROMPTS, 3, 6, {"rate": 0}, "find_values: rate is 0, but must be a number above 0"),
        (PROMPTS, 3, 6, {"steps": 0}, "find_values: steps is 0, but must be a whole number"),
        (PROMPTS, 3, 6, {"until": 1}, "find_values: until is 1, but must be a number, at least 0"),
    ],
)
def test_what_does_not_fit_is_said(prompts, position, targets, settings, message):
    model = tiny_model("ReLU", gain=20)
    with pytest.raises(ValueError, match=re.escape(message)):
        find_value(model, memories(model)[0], prompts, position, targets, **settings)


def test_targets_are_ids():
    model = tiny_model("ReLU", gain=20)
    with pytest.raises(TypeError, match="find_values: targets are float64, but must be integers"):
        find_value(model, memories(model)[0], PROMPTS, 3, 6.0)
