"""The reference of exercise 7.2 against the library's clipping, and against numbers on paper."""

import numpy as np
import pytest

from tinyffn.nn import Parameter
from tinyffn.optim import clip_global_norm


@pytest.fixture
def clip_groups(part):
    return part("7.2", "reference").clip_groups


def draw(rng):
    return [size * rng.normal(size=shape) for shape, size in [((3, 4), 1.0), ((5,), 3.0), ((), 1)]]


@pytest.mark.parametrize("limit", [0.5, 100.0])
def test_one_group_is_what_the_library_does(clip_groups, limit, seeds):
    for seed in seeds:
        gradients = draw(np.random.default_rng(seed))
        clipped, scales = clip_groups(gradients, [0, 0, 0], [limit])
        parameters = [Parameter(np.zeros_like(g)) for g in gradients]
        for p, g in zip(parameters, gradients, strict=True):
            p.grad = np.array(g)
        norm = clip_global_norm(parameters, limit)
        assert scales == pytest.approx([min(1, limit / norm)], rel=1e-12)
        for mine, p in zip(clipped, parameters, strict=True):
            np.testing.assert_allclose(mine, p.grad, rtol=1e-12)


def test_each_group_is_as_long_as_its_limit(clip_groups, seeds):
    for seed in seeds:
        gradients = [1e200 * g for g in draw(np.random.default_rng(seed))]
        clipped, scales = clip_groups(gradients, [1, 0, 1], [0.5, 3.0])
        assert np.linalg.norm(clipped[1]) == pytest.approx(0.5)
        assert np.hypot(np.linalg.norm(clipped[0]), clipped[2]) == pytest.approx(3.0)
        assert np.all((scales > 0) & (scales < 1e-199))


def test_a_bad_number_stops_its_group_alone(clip_groups):
    gradients = [
        np.array([1.0, np.nan]),
        np.array([3.0, 4.0]),
        np.array([2.0]),
        np.array([-np.inf]),
    ]
    clipped, scales = clip_groups(gradients, [0, 1, 0, 3], [1.0, 2.5, 1.0, 1.0])
    assert scales.tolist() == [0.0, 0.5, 1.0, 0.0]
    assert [g.tolist() for g in clipped] == [[0, 0], [1.5, 2.0], [0], [0]]


def test_zeros_stay_and_float32_stays(clip_groups):
    gradients = [np.zeros(3, "float32"), np.ones((2, 2), "float32")]
    before = [g.copy() for g in gradients]
    clipped, scales = clip_groups(gradients, [0, 1], [1.0, 1.0])
    assert scales.tolist() == [1.0, 0.5] and scales.dtype == np.float64
    assert all(g.dtype == np.float32 for g in clipped)
    assert all(np.array_equal(a, b) for a, b in zip(gradients, before, strict=True))


def test_the_first_two_hints_do_not_hold_the_answer(exercise):
    for hint in exercise("7.2").hints[:2]:
        assert not any(code in hint for code in ("np.", "min(", "** 2", "isfinite"))
