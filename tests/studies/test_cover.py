"""Cover's count against counting itself: every labeling of a few points, tried one by one."""

import itertools
import math
import re

import numpy as np
import pytest

from tinyffn.studies.cover import separable_count, separable_share, separated_share, separating


def labelings(n):
    return np.array(list(itertools.product([-1, 1], repeat=n)))


@pytest.mark.parametrize("n, d", [(1, 3), (4, 1), (5, 2), (6, 3), (7, 3), (6, 5), (5, 7)])
def test_as_many_labelings_can_be_answered_as_the_formula_says(n, d):
    x = np.random.default_rng(n + 10 * d).standard_normal((n, d))
    found = [separating(x, labels) for labels in labelings(n)]
    assert sum(w is not None for w in found) == separable_count(n, d)


def test_weights_that_are_found_answer_all():
    rng = np.random.default_rng(0)
    for scale in (1e-6, 1.0, 1e6):
        x = scale * rng.standard_normal((12, 8))
        labels = np.sign(x @ rng.standard_normal(8)).astype(int)
        assert (labels * (x @ separating(x, labels)) > 0).all()


def test_where_there_are_none_a_proof_exists():
    """Of a labeling that cannot be answered, some mixture of labels_i x_i is the origin."""
    x = np.array([[1.0, 0, 0], [1, 0, 1], [1, 1, 0], [1, 1, 1]])  # the corners, and a bias
    xor = np.array([-1, 1, 1, -1])
    assert separating(x, xor) is None
    assert not (np.array([1, 1, 1, 1]) * xor @ x).any()
    unanswered = sum(separating(x, labels) is None for labels in labelings(4))
    assert 16 - unanswered == separable_count(4, 3) == 14


def test_a_plane_that_only_touches_does_not_separate():
    x = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    assert separating(x, np.array([1, -1, 1])) is None
    assert separating(x, np.array([1, 1, 1])) is not None
    assert separating(np.array([[1.0], [2.0]]), np.array([1, -1])) is None


def test_a_narrow_gap_is_found():
    angle = 1e-3
    x = np.array([[1.0, 0.0], [-np.cos(angle), np.sin(angle)]])
    w = separating(x, np.array([1, 1]))
    assert (x @ w > 0).all()


def test_a_gap_of_the_size_of_rounding_is_called_neither_way():
    x = np.array([[1.0, 0.0], [-1.0, 1e-8]])
    with pytest.raises(FloatingPointError, match="separating: too close to call"):
        separating(x, np.array([1, 1]))


@pytest.mark.parametrize("n, d", [(3, 1), (7, 3), (20, 20), (40, 20), (9, 30)])
def test_counts_obey_cover_s_recursion(n, d):
    if d > 1:
        assert separable_count(n + 1, d) == separable_count(n, d) + separable_count(n, d - 1)
    assert separable_count(n, d) <= 2**n
    assert (separable_count(n, d) == 2**n) == (n <= d)


def test_whole_numbers_of_numpy_do_not_overflow():
    n, d = np.int64(100), np.int32(50)
    assert separable_count(n, d) == separable_count(100, 50) == 2**99
    assert separable_share(n, d) == 0.5


def test_a_gap_that_rounding_hides_is_none():
    x = np.array([[1.0, 0.0], [-1.0, 1e-10]])
    assert separating(x, np.array([1, 1])) is None


def test_half_of_all_at_two_inputs_a_weight_and_a_cliff_in_high_dimensions():
    for d in (1, 5, 50, 2000):
        assert separable_share(2 * d, d) == 0.5
    assert separable_share(2200, 1000) < 1e-4 and separable_share(1800, 1000) > 1 - 1e-4
    assert separable_share(30, 20) == pytest.approx(0.969, abs=1e-3)
    assert separable_share(60, 20) == pytest.approx(0.0043, abs=1e-4)


def test_drawn_labelings_are_answered_as_often_as_they_should_be():
    rng, trials = np.random.default_rng(4), 100
    for n in (12, 16, 20):
        share = separable_share(n, 8)
        found = separated_share(n, 8, trials=trials, rng=rng)
        assert abs(found - share) < 4 * math.sqrt(share * (1 - share) / trials)


ROW = np.ones((2, 3))


@pytest.mark.parametrize(
    "call, error, message",
    [
        (lambda: separable_count(0, 3), ValueError, "separable_count: n is 0, but must be a whole"),
        (lambda: separable_share(3, 1.5), ValueError, "separable_share: d is 1.5, but must be a"),
        (lambda: separating(np.ones(3), [1]), ValueError, "separating: x (3,) must be (n, d)"),
        (lambda: separating(ROW, [1]), ValueError, "separating: labels (1,) do not fit x (2, 3)"),
        (lambda: separating(ROW, [1, 0]), ValueError, "separating: labels must be 1 or -1, but"),
        (lambda: separating(ROW * np.nan, [1, 1]), ValueError, "separating: some numbers of x are"),
        (lambda: separating(0 * ROW, [1, 1]), ValueError, "separating: a row of x is all 0"),
        (
            lambda: separated_share(3, 2, trials=0, rng=np.random.default_rng(0)),
            ValueError,
            "separated_share: trials is 0, but must be a whole number above 0",
        ),
        (
            lambda: separated_share(3, 2, trials=5, rng=0),
            TypeError,
            "separated_share: rng is 0, but must be a generator",
        ),
    ],
)
def test_message(call, error, message):
    with pytest.raises(error, match=re.escape(message)):
        call()
