"""Knowledge neurons: attributions are integrals of derivatives, and what is scaled is only that."""

import numpy as np
import pytest

from tinyffn import ops
from tinyffn.models import transformer
from tinyffn.studies.keyvalue.memories import coefficients, memories
from tinyffn.studies.keyvalue.neurons import (
    as_many_at_random,
    chances,
    held_at,
    integrated_gradients,
    knowledge_neurons,
    scaled,
)

IDS, TARGETS = np.array([[1, 4, 2], [0, 3, 3]]), np.array([3, 1])
MODELS = {
    "GELU": {"activation": ops.gelu},
    "gated": {"gate_op": ops.swiglu, "dropout": 0.5, "tied": True},
}


def model_of(kind):
    rng = np.random.default_rng(0)
    model = transformer(5, 3, 8, 2, 12, 2, rng=rng, **MODELS[kind]).astype(np.float64)
    for memory in memories(model):
        memory.values[...] *= 10  # so that hidden numbers matter
    return model.eval()


@pytest.mark.parametrize("k", [0, 1])
@pytest.mark.parametrize("kind", MODELS)
def test_attributions_are_midpoint_sums_of_derivatives(kind, k):
    model, steps, h = model_of(kind), 3, 1e-5
    memory = memories(model)[k]
    m = coefficients(model, IDS)[k][:, -1]

    def chance(last):
        with memory.changed(lambda every: ops.concatenate(every[:, :-1], last[:, None], axis=1)):
            logits = model(IDS).data[:, -1]
        return (np.exp(logits) / np.exp(logits).sum(axis=-1, keepdims=True))[[0, 1], TARGETS]

    expected = np.zeros_like(m)
    for alpha in (1 / 6, 3 / 6, 5 / 6):
        for i in range(12):
            nudge = h * (np.arange(12) == i)
            slope = (chance(alpha * m + nudge) - chance(alpha * m - nudge)) / (2 * h)
            expected[:, i] += m[:, i] * slope / steps
    attributions, gaps = integrated_gradients(model, memory, IDS, TARGETS, steps=steps)
    assert attributions.shape == (2, 12) and np.abs(attributions).max() > 1e-2
    np.testing.assert_allclose(attributions, expected, atol=1e-8)
    np.testing.assert_allclose(gaps, expected.sum(axis=1) - (chance(m) - chance(0 * m)), atol=1e-8)


def test_the_gap_falls_with_the_square_of_the_steps_where_all_is_smooth():
    model = model_of("GELU")
    gaps = [
        np.abs(integrated_gradients(model, memories(model)[1], IDS, TARGETS, steps=steps)[1])
        for steps in (10, 20, 40)
    ]
    np.testing.assert_allclose(gaps[0] / gaps[1], 4, rtol=0.05)
    np.testing.assert_allclose(gaps[1] / gaps[2], 4, rtol=0.05)


def test_nothing_stays_behind():
    model = model_of("gated")
    model.train()
    before = model.state_dict()
    table = model.token.table  # tied: the unembedding too
    table.grad = np.ones_like(table.data)
    integrated_gradients(model, memories(model)[0], IDS, TARGETS, steps=2)
    assert model.training and all(p.requires_grad for p in model.parameters())
    assert (table.grad == 1).all() and model.norm.gain.grad is None
    for name, array in model.state_dict().items():
        assert np.array_equal(array, before[name])


def test_chances_are_those_of_the_target_after_the_last_position():
    model = model_of("GELU")
    expected = ops.softmax(model(IDS)).data[[0, 1], -1, TARGETS]
    np.testing.assert_allclose(chances(model, IDS, TARGETS), expected)


def test_a_neuron_must_count_for_most_prompts_and_count_is_by_the_largest():
    attributions = np.array([
        [[1.0, 0.3, 0.1, -5.0], [0.0, 0.0, -1.0, -2.0]],
        [[0.1, 0.3, 1.0, -5.0], [0.0, 0.0, -1.0, -2.0]],
        [[2.0, 0.4, 0.5, 0.39], [5.0, 0.9, 1.1, 1.0]],
    ])  # fmt: skip
    found = knowledge_neurons(attributions)
    assert found.tolist() == [[False, True, False, False], [False] * 4]
    found = knowledge_neurons(attributions, share=0.6)
    assert found.tolist() == [[True, True, True, False], [False] * 4]
    half = knowledge_neurons(attributions[:2], share=0.5)  # a share that is just reached counts
    assert half.tolist() == [[True, True, True, False], [False] * 4]
    found = knowledge_neurons(attributions, threshold=0.35, share=0.3)
    assert found.tolist() == [[True, False, True, False], [True, False, False, False]]


@pytest.mark.parametrize("factor", [0, 2])
def test_scaled_neurons_are_scaled_at_the_last_position_alone(factor):
    model = model_of("GELU")
    first, second = memories(model)
    chosen = np.zeros((2, 12), bool)
    chosen[0, [1, 5]] = chosen[1, 7] = True
    m = coefficients(model, IDS)[0]
    expected = m.copy()
    expected[0, -1, [1, 5]] *= factor
    expected[1, -1, 7] *= factor
    added = expected @ first.values + first.layer.down.b.data
    seen = []
    with scaled(first, chosen, factor), second.answering(lambda y: seen.append(y) or y):
        after = model.stream(IDS)
    np.testing.assert_allclose(after[2].data - after[1].data, added, atol=1e-12)

    before = second.values.copy()
    second.values[[0, 3]] *= factor  # for the last layer's last position, values may be scaled
    expected = chances(model, IDS, TARGETS)
    second.values[...] = before
    with scaled(second, np.isin(np.arange(12), [0, 3]), factor):
        np.testing.assert_allclose(chances(model, IDS, TARGETS), expected, atol=1e-12)


def test_held_neurons_have_their_numbers_at_the_last_position_alone():
    model = model_of("GELU")
    first, second = memories(model)
    chosen, numbers = np.zeros((2, 12), bool), np.linspace(1, 2, 12)
    chosen[0, [1, 5]] = chosen[1, 7] = True
    expected = coefficients(model, IDS)[0].copy()
    expected[0, -1, [1, 5]], expected[1, -1, 7] = numbers[[1, 5]], numbers[7]
    added = expected @ first.values + first.layer.down.b.data
    seen = []
    with held_at(first, chosen, numbers), second.answering(lambda y: seen.append(y) or y):
        after = model.stream(IDS)
    np.testing.assert_allclose(after[2].data - after[1].data, added, atol=1e-12)
    answers = []
    for held in (held_at(first, chosen[0], 0.0), scaled(first, chosen[0], 0)):
        with held:
            answers.append(chances(model, IDS, TARGETS))
    np.testing.assert_allclose(*answers, atol=1e-12)


def test_random_neurons_are_as_many_and_others():
    rng = np.random.default_rng(3)
    chosen = np.arange(60)[None] < np.array([[0], [3], [10]])
    among = np.arange(60)[None] % 2 == np.zeros((3, 1))
    for allowed in (None, among):
        drawn = as_many_at_random(chosen, rng=rng, among=allowed)
        assert drawn.sum(axis=1).tolist() == [0, 3, 10] and not (drawn & chosen).any()
        assert allowed is None or not (drawn & ~allowed).any()
    again = [as_many_at_random(chosen, rng=np.random.default_rng(s)) for s in (1, 1, 2)]
    assert np.array_equal(again[0], again[1]) and not np.array_equal(again[0], again[2])
    few = as_many_at_random(chosen, rng=rng, among=np.arange(60)[None] < [[2]] * 3)
    assert not few.any()  # the two that it may draw are chosen already
    counts = np.zeros(60)
    for _ in range(500):
        counts += as_many_at_random(chosen[2:], rng=rng)[0]
    assert counts[:10].sum() == 0 and counts[10:].min() > 50  # each of the fifty others, 100 times


@pytest.mark.parametrize(
    "call, error, message",
    [
        (lambda m, n: integrated_gradients(m, n, IDS, TARGETS, steps=0), ValueError,
         "integrated_gradients: steps is 0, but must be a whole number above 0"),
        (lambda m, n: integrated_gradients(m, n, IDS, TARGETS[:1]), ValueError,
         r"integrated_gradients: targets \(1,\) do not fit ids \(2, 3\): ids must be \(B, T\)"),
        (lambda m, n: chances(m, IDS, np.array([0, 5])), ValueError,
         "chances: targets run from 0 to 5, but must be from 0 to 4"),
        (lambda m, n: chances(m, IDS, [0.0, 1.0]), TypeError,
         "chances: targets are float64, but must be integers"),
        (lambda m, n: knowledge_neurons(np.zeros((2, 3))), ValueError,
         r"knowledge_neurons: attributions \(2, 3\) must be \(n_prompts, n_facts, d_ff\)"),
        (lambda m, n: knowledge_neurons(np.zeros((2, 3, 4)), share=0), ValueError,
         "knowledge_neurons: share is 0, but must be a number above 0"),
        (lambda m, n: scaled(n, np.ones(12), 0), ValueError,
         r"scaled: chosen is float64 \(12,\), but must be True or False for each neuron: \(B, 12"),
        (lambda m, n: held_at(n, np.ones(11, bool), 0), ValueError,
         r"held_at: chosen is bool \(11,\), but must be True or False for each neuron: \(B, 12"),
        (lambda m, n: held_at(n, np.ones(12, bool), np.ones((2, 12))), ValueError,
         r"held_at: numbers \(2, 12\) must be one number, or one for each neuron: \(12,\)"),
        (lambda m, n: as_many_at_random(np.ones((2, 3), bool), rng=1), TypeError,
         "as_many_at_random: rng is 1, but must be a generator"),
        (lambda m, n: as_many_at_random(
            np.ones((1, 3), bool), rng=np.random.default_rng(0), among=np.ones((2, 3), bool)
         ), ValueError,
         r"as_many_at_random: among \(2, 3\) must have the shape of chosen \(1, 3\)"),
    ],
)  # fmt: skip
def test_what_it_says_when_something_does_not_fit(call, error, message):
    model = model_of("GELU")
    with pytest.raises(error, match=message):
        call(model, memories(model)[0])
