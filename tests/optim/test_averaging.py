"""Averages of parameters: which mean it is, and that the model gets back what it lent."""

import math
import re

import numpy as np
import pytest

from tinyffn import nn, ops, optim
from tinyffn.nn import Parameter
from tinyffn.train import fit


def _walk(average, parameters, steps, seed=1):
    """Change the parameters at random and let the average see them; returns what they were."""
    rng, seen = np.random.default_rng(seed), []
    for step in range(steps):
        for p in parameters:
            p.data += rng.standard_normal(p.shape).astype(p.dtype)
        average.see(step)
        seen.append([p.data.copy() for p in parameters])
    return seen


def _parameters(dtype=np.float64):
    return [Parameter(np.full(shape, 2.0, dtype)) for shape in [(3, 4), (4,), ()]]


@pytest.mark.parametrize("start", [0, 4])
def test_without_decay_it_is_the_plain_mean_of_all_that_was_seen(start):
    parameters = _parameters()
    average = optim.WeightAverage(parameters, start=start)
    seen = _walk(average, parameters, 9)
    for mean, *values in zip(average.mean, *seen[start:], strict=True):
        np.testing.assert_allclose(mean, np.mean(values, axis=0), rtol=1e-13)


@pytest.mark.parametrize("decay", [0.0, 0.3, 0.9, 0.999])
@pytest.mark.parametrize("steps", [1, 7])
def test_with_decay_it_is_a_mean_whose_weights_fade_with_age(decay, steps):
    parameters = _parameters()
    average = optim.WeightAverage(parameters, decay=decay)
    seen = _walk(average, parameters, steps)
    weights = decay ** np.arange(steps - 1, -1, -1.0)
    for mean, *values in zip(average.mean, *seen, strict=True):
        expected = np.average(np.stack(values), axis=0, weights=weights)
        np.testing.assert_allclose(mean, expected, rtol=1e-12)


def test_as_decay_goes_to_one_the_fading_mean_becomes_the_plain_one():
    parameters = _parameters()
    plain, fading = (optim.WeightAverage(parameters, decay=d) for d in (1.0, 1.0 - 1e-9))
    _walk(plain, parameters, 5)
    for p in parameters:
        p.data[...] = 2.0
    _walk(fading, parameters, 5)
    for a, b in zip(plain.mean, fading.mean, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-6)


def test_the_model_gets_back_what_it_was():
    parameters = _parameters()
    average = optim.WeightAverage(parameters)
    _walk(average, parameters, 3)
    arrays, before = [p.data for p in parameters], [p.data.copy() for p in parameters]
    means = [mean.copy() for mean in average.mean]
    with average.applied():
        for p, mean in zip(parameters, means, strict=True):
            assert np.array_equal(p.data, mean) and not np.array_equal(p.data, before[0])
            p.data += 1.0  # a step in here is lost, and does not harm the mean
    for p, array, data in zip(parameters, arrays, before, strict=True):
        assert p.data is array and np.array_equal(p.data, data)
    with average.applied():
        assert all(np.array_equal(p.data, m) for p, m in zip(parameters, means, strict=True))


def test_it_gets_it_back_also_after_an_error():
    parameters = _parameters()
    average = optim.WeightAverage(parameters)
    _walk(average, parameters, 3)
    arrays = [p.data for p in parameters]
    with pytest.raises(KeyboardInterrupt), average.applied():
        raise KeyboardInterrupt
    assert all(p.data is array for p, array in zip(parameters, arrays, strict=True))


def test_float32_stays_float32():
    parameters = _parameters(np.float32)
    average = optim.WeightAverage(parameters, decay=0.9)
    _walk(average, parameters, 3)
    with average.applied():
        assert all(p.dtype == p.data.dtype == np.float32 for p in parameters)


def test_in_training_it_sees_every_step_and_a_shared_parameter_once():
    rng = np.random.default_rng(2)
    layer, seen = nn.Linear(3, 1, rng=rng), []
    average = optim.WeightAverage([*layer.parameters(), layer.w], start=2)

    def after(step):
        average.see(step)
        seen.append(layer.w.data.copy())

    batch = np.ones((4, 3), np.float32), np.ones((4, 1), np.float32)
    fit(layer, lambda x, y: ops.mse(layer(x), y), [batch] * 6, optim.SGD(layer.parameters(), 0.1),
        steps=6, after_step=after, progress=False)  # fmt: skip
    assert len(average.mean) == 2 and average.n == 4
    np.testing.assert_allclose(average.mean[0], np.mean(seen[2:], axis=0), rtol=1e-6)


def test_in_a_noisy_valley_the_mean_lies_deeper_than_the_last_step():
    """At a rate that does not fall, steps go round the minimum; their mean lies near it."""
    rng, p = np.random.default_rng(3), Parameter(np.zeros(20))
    optimizer, average = optim.SGD([p], 0.3), optim.WeightAverage([p], start=100)
    for step in range(500):
        p.grad = p.data + rng.standard_normal(20)
        optimizer.step()
        average.see(step)
    assert np.sum(average.mean[0] ** 2) < 0.1 * np.sum(p.data**2)


def test_a_change_of_type_after_it_was_made_is_said():
    layer = nn.Linear(3, 2, rng=np.random.default_rng(0))
    average = optim.WeightAverage(layer.parameters())
    layer.astype(np.float64)
    with pytest.raises(RuntimeError, match=r"see: .* make the WeightAverage after astype"):
        average.see(0)
    average.n = 1
    with pytest.raises(RuntimeError, match=r"applied: .*type was changed"), average.applied():
        pass
    assert layer.w.data.dtype == np.float64


P = Parameter(np.ones(3))
MISTAKES = [
    (lambda: optim.WeightAverage([P], decay=1.5), ValueError,
     "WeightAverage: decay is 1.5, but must be at most 1"),
    (lambda: optim.WeightAverage([P], decay=-0.1), ValueError, "WeightAverage: decay is -0.1, but"),
    (lambda: optim.WeightAverage([P], decay=math.nan), ValueError, "WeightAverage: decay is nan"),
    (lambda: optim.WeightAverage([P], start=-1), ValueError, "WeightAverage: start is -1, but"),
    (lambda: optim.WeightAverage(P), TypeError, "WeightAverage: parameters is a Parameter, but"),
    (lambda: optim.WeightAverage([P]).applied().__enter__(), RuntimeError,
     "applied: no step was seen yet: pass see to fit, as after_step"),
]  # fmt: skip


@pytest.mark.parametrize("mistake, error, message", MISTAKES, ids=[m[2] for m in MISTAKES])
def test_message(mistake, error, message):
    with pytest.raises(error, match=re.escape(message)):
        mistake()
