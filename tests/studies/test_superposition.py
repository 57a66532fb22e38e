"""Superposition: the model against its formula, counts by hand, and dense features' loss."""

import itertools
import re

import numpy as np
import pytest

from tinyffn.gradcheck import numeric_gradient
from tinyffn.studies import superposition
from tinyffn.studies.superposition import (
    SPARSITIES,
    Squeeze,
    dimensions,
    importances,
    interference,
    random_features,
    represented,
    train,
)

RNG = np.random.default_rng(0)


def some(n=6, m=2):
    model = Squeeze(n, m, rng=np.random.default_rng(1)).astype(np.float64)
    model.b.data += np.random.default_rng(2).normal(size=n)
    return model


def test_it_squeezes_and_unsqueezes_with_one_matrix():
    model, x = some(), RNG.normal(size=(3, 4, 6))
    w, b = model.w.data, model.b.data
    expected = np.empty_like(x)
    for place in itertools.product(range(3), range(4)):
        hidden = w.T @ x[place]  # the paper's W x
        expected[place] = np.maximum(w @ hidden + b, 0)
    np.testing.assert_allclose(model(x).data, expected, rtol=1e-12, atol=1e-12)


def test_the_loss_and_both_places_of_its_one_matrix():
    model, x, importance = some(), RNG.uniform(size=(5, 6)), importances(6, decay=0.5)
    gap = model(x).data - x
    expected = sum((gap[:, i] ** 2).mean() * 0.5**i for i in range(6)) / 6
    loss = model.loss(x, importance.astype(np.float64))
    assert loss.item() == pytest.approx(expected, rel=1e-6)
    loss.backward()
    for p in model.parameters():

        def at(data, p=p):
            kept, p.data = p.data, data
            value = model.loss(x, importance.astype(np.float64)).item()
            p.data = kept
            return value

        slope = numeric_gradient(at, p.data)
        np.testing.assert_allclose(p.grad, slope, rtol=1e-6, atol=1e-8)


def test_features_are_there_as_often_as_they_should_be():
    batches = random_features(4, sparsity=0.9, batch_size=20_000, rng=np.random.default_rng(3))
    (x,) = next(batches)
    assert x.shape == (20_000, 4) and x.dtype == np.float32
    assert not np.array_equal(x, next(batches)[0])
    np.testing.assert_allclose(np.mean(x > 0, axis=0), 0.1, atol=0.01)
    there = x[x > 0]
    assert there.min() > 0 and there.max() < 1 and there.mean() == pytest.approx(0.5, abs=0.01)
    assert np.corrcoef(x[:, 0] > 0, x[:, 1] > 0)[0, 1] == pytest.approx(0, abs=0.03)
    (dense,) = next(random_features(4, sparsity=0, batch_size=50, rng=RNG))
    assert np.mean(dense > 0) > 0.99


def test_counts_by_hand():
    right_angles = np.eye(4)[:, :2]
    opposite = np.array([[1.0, 0], [-1, 0], [0, 2], [0, 0.1]])
    assert represented(right_angles) == 2 and represented(opposite) == 3
    assert represented(opposite, least=2) == 1
    assert represented(np.sqrt([[0.24], [0.26]])) == 1  # the gap is cut at a quarter
    assert interference(right_angles) == 0
    assert interference(opposite) == pytest.approx(2 * 1 + 2 * 0.2**2)
    np.testing.assert_allclose(dimensions(right_angles), [1, 1, 0, 0])
    np.testing.assert_allclose(dimensions(opposite), [0.5, 0.5, 4 / 4.01, 0.01 / 4.01])
    angles = 2 * np.pi * np.arange(5) / 5
    pentagon = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    np.testing.assert_allclose(dimensions(pentagon), 2 / 5)  # the paper's pentagon


def test_dense_features_are_kept_one_in_each_dimension_the_most_important_first():
    """An error at a feature that is not kept is its variance then, 1/12: a loss in closed form."""
    model, history = train(0.0, 1, n=6, m=2, steps=1000)
    w = model.w.data
    assert represented(w) == 2 and represented(w[:2]) == 2
    assert interference(w) < 0.1
    least = importances(6)[2:].sum() / 12 / 6
    assert np.mean(history.loss[-50:]) == pytest.approx(least, rel=0.03)
    np.testing.assert_allclose(history.rate, superposition.RATE * np.linspace(1, 0, 1001)[:-1])
    np.testing.assert_allclose(model.b.data[2:], 0.5, atol=0.05)


def test_rare_features_share_dimensions_and_cost_less():
    losses = []
    for sparsity, least in ((0.0, 2), (0.9, 4)):
        model, history = train(sparsity, 2, n=6, m=2, steps=400)
        assert represented(model.w.data) >= least
        losses.append(np.mean(history.loss[-50:]))
    assert interference(model.w.data) > 1 and losses[1] < losses[0] / 2


def test_a_run_comes_again():
    one, two = (train(0.5, 3, n=4, m=2, steps=5)[0].w.data for _ in range(2))
    assert np.array_equal(one, two)


@pytest.mark.slow
def test_the_rarer_features_are_the_more_are_kept():
    """At the sizes and steps that are the defaults."""
    kept = [represented(train(sparsity, 1)[0].w.data) for sparsity in SPARSITIES]
    assert kept[0] == superposition.WIDTH and kept[-1] >= 3 * superposition.WIDTH
    assert all(rarer > oftener for oftener, rarer in itertools.pairwise(kept))


@pytest.mark.parametrize(
    "call, error, message",
    [
        (lambda: Squeeze(0, 2, rng=RNG), ValueError, "Squeeze: n is 0, but must be a whole number"),
        (lambda: Squeeze(3, 2, rng=1), TypeError, "Squeeze: rng is 1, but must be a generator"),
        (lambda: importances(0), ValueError, "importances: n is 0, but must be a whole number"),
        (lambda: importances(3, decay=0), ValueError, "importances: decay is 0, but must be a num"),
        (
            lambda: random_features(3, sparsity=1, batch_size=2, rng=RNG),
            ValueError,
            "random_features: sparsity is 1, but must be a number, at least 0 and below 1",
        ),
        (
            lambda: random_features(3, sparsity=0.5, batch_size=0, rng=RNG),
            ValueError,
            "random_features: batch_size is 0, but must be a whole number above 0",
        ),
        (
            lambda: random_features(3, sparsity=0.5, batch_size=2, rng=None),
            TypeError,
            "random_features: rng is None, but must be a generator",
        ),
        (lambda: represented(np.ones(3)), ValueError, "represented: w (3,) must be (n, m): a row"),
        (lambda: interference(np.ones(3)), ValueError, "interference: w (3,) must be (n, m)"),
        (lambda: dimensions(np.ones(3)), ValueError, "dimensions: w (3,) must be (n, m)"),
    ],
)
def test_message(call, error, message):
    with pytest.raises(error, match=re.escape(message)):
        call()
