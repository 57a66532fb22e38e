"""The reference of exercise 6.3 against the library's fit, repeated points and its neighbours."""

import numpy as np
import pytest

from tinyffn.studies.powerlaw import PowerLaw, fit_power_law


@pytest.fixture
def answer(part):
    return part("6.3", "reference")


def draw(seed, floor):
    rng = np.random.default_rng(seed)
    n = 3000.0 * 2.0 ** np.arange(5) * rng.uniform(1, 1.4, size=5)
    return n, floor + rng.uniform(0.8, 1.2, size=5) * (9000 / n) ** 0.5, rng.integers(1, 6, size=5)


def test_with_equal_weights_it_is_the_library_s_fit(answer, seeds):
    for seed in seeds:
        n, losses, _ = draw(seed, 1.5)
        alpha, n_c = answer.fit(n, losses, np.full(5, 4), 1.5)
        law = fit_power_law(n, losses - 1.5)
        assert alpha == pytest.approx(law.exponent)
        assert n_c**alpha == pytest.approx(law.scale)
        above = PowerLaw(law.scale, law.exponent, 1.5)
        np.testing.assert_allclose(answer.predict(n * 3, alpha, n_c, 1.5), above(n * 3))


def test_a_point_of_several_runs_counts_like_as_many_points(answer, seeds):
    for seed in seeds:
        n, losses, runs = draw(seed, 1.5)
        once = answer.fit(n, losses, runs, 1.5)
        often = answer.fit(n.repeat(runs), losses.repeat(runs), np.ones(runs.sum()), 1.5)
        np.testing.assert_allclose(once, often, rtol=1e-9)


def test_no_neighbour_fits_better(answer, seeds):
    for seed in seeds:
        n, losses, runs = draw(seed, 1.0)
        alpha, n_c = answer.fit(n, losses, runs, 1.0)

        def misfit(alpha, n_c, n=n, losses=losses, runs=runs):
            return np.sum(runs * (np.log(losses - 1.0) - alpha * np.log(n_c / n)) ** 2)

        for by in (0.999, 1.001):
            assert misfit(alpha, n_c) < min(misfit(alpha * by, n_c), misfit(alpha, n_c * by))


def test_the_size_for_a_loss_has_that_loss(answer):
    n = np.array([[2e3, 5e4], [7e5, 1e6]])
    losses = answer.predict(n, 0.4, 9e3, 1.5)
    np.testing.assert_allclose(answer.size_for(losses, 0.4, 9e3, 1.5), n)
    assert answer.predict(9e3, 0.4, 9e3, 1.5) == pytest.approx(2.5)  # 1 above the floor at n_c


def test_the_first_two_hints_do_not_hold_the_answer(exercise):
    for hint in exercise("6.3").hints[:2]:
        assert not any(code in hint for code in ("np.", "polyfit", "share", "mx"))
