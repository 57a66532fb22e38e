"""The reference of exercise 12.5 against closed forms, a model of the library, and its own gap."""

import numpy as np
import pytest

from tinyffn import ops
from tinyffn.models import transformer
from tinyffn.studies.keyvalue import neurons
from tinyffn.studies.keyvalue.memories import coefficients, memories


@pytest.fixture
def integrated_gradients(part):
    return part("12.5", "reference").integrated_gradients


@pytest.fixture
def given(part):
    return part("12.5", "given")


def test_what_is_given_returns_its_gradient(given, seeds):
    for seed in seeds:
        m = np.random.default_rng(seed).uniform(0.5, 2, size=(3, 4))
        for f in (given.chance, given.product):
            for row in range(3):
                h = 1e-6 * np.eye(4)
                slopes = [(f(m[row] + e)[0] - f(m[row] - e)[0]) / 2e-6 for e in h]
                np.testing.assert_allclose(f(m)[1][row], slopes, rtol=1e-6, atol=1e-9)


def test_of_a_square_credits_are_exact_and_do_not_depend_on_the_way(integrated_gradients, seeds):
    def squares(m):
        return (m * m).sum(axis=-1), 2 * m

    for seed in seeds:
        points = np.random.default_rng(seed).normal(size=(5, 2, 3))
        for steps in (1, 4):
            credits, gap = integrated_gradients(squares, points, steps)
            np.testing.assert_allclose(credits, points[-1] ** 2 - points[0] ** 2, atol=1e-12)
            np.testing.assert_allclose(gap, np.zeros(2), atol=1e-12)


def test_around_a_corner_a_product_gives_all_credit_to_who_came_last(integrated_gradients):
    def product(m):
        return m[..., 0] * m[..., 1], m[..., ::-1]

    credits, gap = integrated_gradients(product, np.array([[0.0, 0], [1, 0], [1, 1]]), 3)
    np.testing.assert_allclose(credits, [0, 1])
    assert gap == pytest.approx(0)


def test_twice_the_steps_leave_a_quarter_of_the_gap(integrated_gradients, given, seeds):
    for seed in seeds:
        points = np.cumsum(np.random.default_rng(seed).uniform(0.4, 1, size=(3, 4)), axis=0)
        gaps = [integrated_gradients(given.product, points, steps)[1] for steps in (20, 40)]
        assert gaps[0] / gaps[1] == pytest.approx(4, rel=0.01)


def test_of_a_model_from_0_it_is_what_the_library_says(integrated_gradients):
    rng = np.random.default_rng(0)
    model = transformer(5, 3, 8, 2, 6, 1, rng=rng, activation=ops.gelu).astype(np.float64)
    (memory,) = memories(model)
    ids, targets = np.array([[1, 4, 2]]), np.array([3])
    m = coefficients(model, ids)[0][0, -1]

    def chance(at):
        def value(last):
            def change(every):
                return ops.concatenate(every[:, :-1], last[np.newaxis, np.newaxis], axis=1)

            with memory.changed(change):
                return neurons.chances(model, ids, targets)[0]

        return value(at), slopes(value, at)

    def slopes(value, at):
        return np.array([(value(at + e) - value(at - e)) / 2e-5 for e in 1e-5 * np.eye(6)])

    credits, gap = integrated_gradients(chance, np.stack([0 * m, m]), 4)
    theirs, their_gap = neurons.integrated_gradients(model, memory, ids, targets, steps=4)
    np.testing.assert_allclose(credits, theirs[0], atol=1e-8)
    assert gap == pytest.approx(their_gap[0], abs=1e-8)
