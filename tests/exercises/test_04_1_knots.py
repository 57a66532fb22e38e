"""The reference of exercise 4.1 against NumPy's interpolation, and its bound against parabolas."""

import numpy as np
import pytest


@pytest.fixture
def answer(part):
    return part("4.1", "reference")


def draw(seed, n):
    rng = np.random.default_rng(seed)
    return np.sort(rng.choice(50, n, replace=False) / 7.0) - 3, rng.normal(size=n)


def output(network, x):
    w_up, b_up, w_down, b_down = network
    return (np.maximum(x[:, None] @ w_up + b_up, 0) @ w_down + b_down)[:, 0]


@pytest.mark.parametrize("n", [2, 3, 10])
def test_it_is_numpy_s_interpolation_which_is_flat_outside_too(answer, n, seeds):
    for seed in seeds:
        knots, values = draw(seed, n)
        network = answer.through_knots(knots, values)
        assert [part.shape for part in network] == [(1, n), (n,), (n, 1), (1,)]
        x = np.linspace(knots[0] - 5, knots[-1] + 5, 301)
        np.testing.assert_allclose(output(network, x), np.interp(x, knots, values), atol=1e-9)


def test_the_bound_is_what_a_parabola_on_the_worst_piece_is_off_by(answer, seeds):
    for seed in seeds:
        knots, _ = draw(seed, 6)
        curvature = np.random.default_rng(seed).uniform(0.1, 5, size=5)
        off = []
        for i, c in enumerate(curvature):  # c x² / 2 has the second derivative c
            x = np.linspace(knots[i], knots[i + 1], 201)
            network = answer.through_knots(knots[i : i + 2], c * knots[i : i + 2] ** 2 / 2)
            off.append(np.abs(output(network, x) - c * x**2 / 2).max())
        assert answer.error_bound(knots, curvature) == pytest.approx(max(off), rel=1e-9)


def test_the_first_two_hints_do_not_hold_the_answer(exercise):
    for hint in exercise("4.1").hints[:2]:
        assert not any(code in hint for code in ("np.", "diff", "[", "max("))
