"""The layer that is filled with facts: what it is made of, what it sees, and what is counted."""

import itertools
import re

import numpy as np
import pytest

from tinyffn.studies import capacity_layer
from tinyffn.studies.capacity_layer import facts, make_layer
from tinyffn.studies.stored import stored_bits


def test_the_layers_are_what_they_say_and_of_nearly_the_same_size():
    rng, x = np.random.default_rng(0), np.random.default_rng(1).normal(size=(5, 16))
    sizes = {kind: make_layer(kind, rng).n_parameters() for kind in ("ReLU", "gated", "linear")}
    assert sizes == {"ReLU": 2128, "gated": 2166, "linear": 2128}
    linear = make_layer("linear", rng).astype(np.float64)
    np.testing.assert_allclose(linear(2 * x).data, 2 * linear(x).data)  # its biases are still 0
    relu = make_layer("ReLU", rng).astype(np.float64)
    expected = np.maximum(x @ relu.up.w.data, 0) @ relu.down.w.data
    np.testing.assert_allclose(relu(x).data, expected)


def test_more_facts_begin_with_the_fewer():
    few, many = (facts(n, np.random.default_rng(3)) for n in (100, 300))
    assert few[0].shape == (100, 16) and many[1].shape == (300,) and few[2].shape == (16, 16)
    assert np.array_equal(few[0], many[0][:100]) and np.array_equal(few[1], many[1][:100])
    assert np.array_equal(few[2], many[2])


def test_each_pass_shows_each_fact_once():
    keys, labels = np.arange(10.0)[:, None], np.arange(10)
    seen = list(
        itertools.islice(capacity_layer.passes(keys, labels, np.random.default_rng(0), 4), 8)
    )
    for parts in (seen[:4], seen[4:]):
        assert sorted(np.concatenate([part for _, part in parts])) == list(range(10))
    assert all(np.array_equal(x[:, 0], part) for x, part in seen)
    assert [len(part) for _, part in seen[:4]] == [3, 3, 2, 2]
    assert not np.array_equal(seen[0][1], seen[4][1])


def test_only_the_layer_is_trained_and_scores_are_products_with_the_values():
    layer, keys, labels, values = capacity_layer.train("gated", 40, exposures=30, rate=0.05, seed=2)
    drawn = facts(40, np.random.default_rng(2).spawn(3)[0])
    for array, expected in zip((keys, labels, values), drawn, strict=True):
        assert np.array_equal(array, expected)
    scores = capacity_layer.logits(layer, keys, values)
    np.testing.assert_allclose(scores, layer(keys).data @ values.T, rtol=1e-4, atol=1e-4)
    found = capacity_layer.store("gated", 40, exposures=30, rate=0.05, seed=2)
    assert found["bits"] == stored_bits(scores, labels)
    assert found["right"] == np.mean(scores.argmax(axis=1) == labels)


@pytest.mark.parametrize("kind", ["ReLU", "gated"])
def test_few_facts_are_all_stored(kind):
    found = capacity_layer.store(kind, 60, exposures=60, rate=0.05, seed=1)
    assert found["right"] == 1 and found["steps"] == 240
    assert found["bits"] == pytest.approx(240, rel=0.01)
    assert found["value"] == found["bits"] / found["n_parameters"]


def test_the_rate_falls_to_nothing_in_a_straight_line(monkeypatch):
    seen = []
    monkeypatch.setattr(capacity_layer, "fit", lambda *parts, **settings: seen.append(settings))
    capacity_layer.train("ReLU", 40, exposures=30, rate=0.2, seed=1)
    (settings,) = seen
    assert settings["steps"] == 120
    rates = [settings["schedule"](step) for step in (0, 30, 60, 120)]
    np.testing.assert_allclose(rates, [0.2, 0.15, 0.1, 0], atol=1e-12)


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: make_layer("tanh", np.random.default_rng(0)), "capacity: there is no kind 'tanh'"),
        (
            lambda: capacity_layer.store("ReLU", 3, exposures=1, rate=0.1, seed=1),
            "capacity: n is 3, but must be a number above 3",
        ),
        (
            lambda: capacity_layer.store("ReLU", 8, exposures=0, rate=0.1, seed=1),
            "capacity: exposures is 0, but must be a whole number above 0",
        ),
        (
            lambda: capacity_layer.store("ReLU", 8, exposures=1, rate=0, seed=1),
            "capacity: rate is 0, but must be a number above 0",
        ),
    ],
)
def test_message(call, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        call()


def test_width_labels_and_steps_are_what_is_asked_for():
    settings = {"d_ff": 32, "n_labels": 2, "batches_a_pass": 1}
    layer, _, labels, values = capacity_layer.train(
        "gated", 40, exposures=2, rate=0.05, seed=1, **settings
    )
    assert layer.n_parameters() == 1116 and values.shape == (2, 16) and set(labels) == {0, 1}
    found = capacity_layer.store("ReLU", 40, exposures=2, rate=0.05, seed=1, **settings)
    assert found["steps"] == 2 and found["n_parameters"] == 1072 and found["bits"] <= 40
