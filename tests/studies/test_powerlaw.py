"""Power laws: exact ones are found, noisy ones are found within their intervals."""

import math
import re

import numpy as np
import pytest

from tinyffn.studies.powerlaw import (
    PowerLaw,
    fit_power_law,
    fit_power_law_with_floor,
    foretell,
    student_t,
)

N = np.array([3e3, 5e3, 9e3, 17e3, 31e3, 61e3])


@pytest.mark.parametrize("scale", [0.2, 50.0])
@pytest.mark.parametrize("exponent", [0.05, 0.5, 1.7])
def test_an_exact_law_is_found(scale, exponent):
    law = fit_power_law(N, PowerLaw(scale, exponent)(N))
    assert law.scale == pytest.approx(scale, rel=1e-10)
    assert law.exponent == pytest.approx(exponent, rel=1e-10) and law.floor == 0.0


@pytest.mark.parametrize("floor", [0.0, 1.3])
@pytest.mark.parametrize("exponent", [0.05, 0.5, 1.7])
def test_an_exact_law_with_a_floor_is_found(floor, exponent):
    true = PowerLaw(50.0, exponent, floor)
    law = fit_power_law_with_floor(N, true(N))
    assert law.exponent == pytest.approx(exponent, rel=1e-5)
    assert law.floor == pytest.approx(floor, abs=1e-4)
    np.testing.assert_allclose(law(N * 2), true(N * 2), rtol=1e-6)


def test_two_points_fix_a_line_on_logarithmic_axes():
    law = fit_power_law([100, 10_000], [8.0, 2.0])
    assert law.exponent == pytest.approx(math.log(4) / math.log(100))
    assert law(1000) == pytest.approx(4.0)


def test_a_law_takes_one_size_or_many():
    law = PowerLaw(6.0, 0.5, 1.0)
    assert law(4) == 4.0
    assert law([4, 9]).tolist() == [4.0, 3.0]


@pytest.mark.parametrize("fit", [fit_power_law, fit_power_law_with_floor])
def test_no_neighbouring_law_lies_nearer(fit):
    rng = np.random.default_rng(4)
    losses = PowerLaw(50.0, 0.5, 1.3)(N) + 0.05 * rng.normal(size=6)
    law = fit(N, losses)
    has_floor = fit is fit_power_law_with_floor

    def misfit(law):
        misses = losses - law(N) if has_floor else np.log(losses / law(N))
        return np.sum(misses**2)

    for by in (0.999, 1.001):
        assert misfit(law) < misfit(PowerLaw(law.scale * by, law.exponent, law.floor))
        assert misfit(law) < misfit(PowerLaw(law.scale, law.exponent * by, law.floor))
        if has_floor:
            assert misfit(law) < misfit(PowerLaw(law.scale, law.exponent, law.floor * by))


@pytest.mark.parametrize(
    ("spare", "t"), [(1, 12.7062), (2, 4.30265), (3, 3.18245), (10, 2.22814), (1000, 1.96234)]
)
def test_students_t_is_that_of_the_tables(spare, t):
    assert student_t(0.95, spare) == pytest.approx(t, rel=1e-5)


def test_students_t_of_one_is_the_tangent():
    assert student_t(0.5, 1) == pytest.approx(1.0, rel=1e-8)


@pytest.mark.parametrize("with_floor", [False, True])
def test_exact_points_leave_no_doubt(with_floor):
    true = PowerLaw(50.0, 0.5, 1.3 if with_floor else 0.0)
    low, middle, high = foretell(N, true(N), 1e5, with_floor=with_floor)
    assert low == pytest.approx(high, rel=1e-6)
    assert middle == pytest.approx(true(1e5), rel=1e-8)


@pytest.mark.slow
@pytest.mark.parametrize("with_floor", [False, True])
def test_the_interval_holds_as_many_new_points_as_it_says(with_floor):
    rng = np.random.default_rng(5)
    true = PowerLaw(50.0, 0.5, 1.3 if with_floor else 0.0)

    def noisy(n):
        z = rng.normal(size=np.shape(n))
        return true(n) + 0.003 * z if with_floor else true(n) * np.exp(0.02 * z)

    hits = 0
    for _ in range(400):
        low, _, high = foretell(N[:5], noisy(N[:5]), N[5], with_floor=with_floor)
        hits += low < noisy(N[5]) < high
    assert 0.91 <= hits / 400 <= 0.985  # 95 %, and three standard errors or so


def test_the_interval_of_a_line_is_that_of_the_text_books():
    rng = np.random.default_rng(6)
    losses = PowerLaw(9.0, 0.2)(N) * np.exp(0.02 * rng.normal(size=6))
    x, y = np.log(N), np.log(losses)
    slope = np.sum((x - x.mean()) * (y - y.mean())) / np.sum((x - x.mean()) ** 2)
    misses = y - y.mean() - slope * (x - x.mean())
    far = math.log(2e5) - x.mean()
    spread = math.sqrt(np.sum(misses**2) / 4 * (1 + 1 / 6 + far**2 / np.sum((x - x.mean()) ** 2)))
    low, middle, high = np.log(foretell(N, losses, 2e5))
    assert middle == pytest.approx(y.mean() + slope * far, rel=1e-10)
    assert high - middle == pytest.approx(2.776445 * spread, rel=1e-5)
    assert middle - low == pytest.approx(2.776445 * spread, rel=1e-5)


@pytest.mark.parametrize(
    ("mistake", "says"),
    [
        (lambda: fit_power_law([1, 2], [3.0]),
         "fit_power_law: n (2,) and losses (1,) must be equally long"),
        (lambda: fit_power_law([1, 2], [3.0, 0.0]),
         "fit_power_law: n and losses must be finite and above 0"),
        (lambda: fit_power_law([-1, 2], [3.0, 1.0]), "must be finite and above 0"),
        (lambda: fit_power_law([2, 2], [3.0, 1.0]),
         "fit_power_law: there are 1 different sizes, but there must be 2 or more"),
        (lambda: fit_power_law_with_floor([1, 2], [3.0, 1.0]),
         "fit_power_law_with_floor: there are 2 different sizes, but there must be 3 or more"),
        (lambda: foretell(N[:3], N[:3], 9, with_floor=True), "foretell: there are 3 different"),
        (lambda: foretell(N[:2], N[:2], 9), "foretell: there are 2 different sizes"),
        (lambda: foretell(N, N, 0), "foretell: new is 0, but must be a number above 0"),
        (lambda: foretell(N, N, -1), "foretell: new is -1, but must be a number above 0"),
        (lambda: foretell(N, N, 9, share=0), "foretell: share is 0, but must be a number above 0"),
        (lambda: student_t(1.5, 3), "student_t: share is 1.5, but must be a number, at least 0"),
        (lambda: student_t(0.0, 3), "student_t: share is 0.0, but must be a number above 0"),
        (lambda: student_t(0.95, 0), "student_t: spare is 0, but must be a whole number above 0"),
        (lambda: fit_power_law_with_floor(N, 5 - 0.1 * np.log(N)),
         "fit_power_law_with_floor: no exponent between 0.001 and 10 fits best: the points do not"),
        (lambda: fit_power_law_with_floor(N, [2.0, 1.0, 1.1, 0.9, 1.1, 1.0]), "no exponent bet"),
    ],
)  # fmt: skip
def test_points_that_do_not_fix_a_law_are_refused(mistake, says):
    with pytest.raises(ValueError, match=re.escape(says)):
        mistake()
