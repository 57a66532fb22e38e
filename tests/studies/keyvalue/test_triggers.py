"""Trigger examples: the largest coefficients with their places, and how alike their tokens are."""

import re

import numpy as np
import pytest

from tinyffn import ops
from tinyffn.models import transformer
from tinyffn.studies.keyvalue.memories import coefficients
from tinyffn.studies.keyvalue.triggers import chance_purity, purity, trigger_examples

M = np.random.default_rng(0).standard_normal((4, 5, 3)).astype(np.float32)


@pytest.mark.parametrize("gate_op", [None, ops.swiglu], ids=["plain", "gated"])
@pytest.mark.parametrize("tied", [False, True])
def test_they_are_the_places_with_the_largest_coefficients(gate_op, tied):
    rng = np.random.default_rng(1)
    model = transformer(5, 6, 8, 2, 12, 1, rng=rng, gate_op=gate_op, tied=tied)
    (m,) = coefficients(model, rng.integers(0, 5, (7, 6)))
    for signed in (m, -m):
        found = trigger_examples(signed, 4)
        assert found.rows.shape == found.positions.shape == found.m.shape == (12, 4)
        for i in range(12):
            assert np.array_equal(signed[found.rows[i], found.positions[i], i], found.m[i])
            assert np.array_equal(found.m[i], np.sort(signed[..., i], axis=None)[::-1][:4])


def test_of_equal_ones_the_first_read_is_first():
    m = np.zeros((50, 3, 1), np.float32)
    m[40:, 1] = 1.0
    found = trigger_examples(m, 14)
    assert found.rows.tolist() == [[*range(40, 50), 0, 0, 0, 1]]
    assert found.positions.tolist() == [[1] * 10 + [0, 1, 2, 0]]


def test_only_the_places_asked_for_count():
    last = np.zeros((4, 5), bool)
    last[:, -1] = True
    found = trigger_examples(M, 4, among=last)
    assert np.all(found.positions == 4) and sorted(found.rows[0]) == [0, 1, 2, 3]


def test_purity_is_the_share_of_the_most_frequent_token():
    tokens = [[1, 2, 1, 1], [0, 3, 2, 1], [7, 7, 7, 7], [5, 5, 6, 6]]
    assert purity(tokens).tolist() == [0.75, 0.25, 1.0, 0.5]


def test_purity_by_chance_is_above_the_frequency_of_the_most_frequent_token():
    tokens = np.repeat(np.arange(10), 20).reshape(10, 20)  # ten tokens, each a tenth of all
    small, large = (chance_purity(tokens, t, rng=np.random.default_rng(2)) for t in (5, 500))
    assert small.shape == (1000,) and 0.3 < small.mean() < 0.45
    assert 0.1 < large.mean() < 0.14
    pairs = chance_purity(np.array([[4, 7]]), 2, rng=np.random.default_rng(2))  # 4 4, 4 7, 7 4, 7 7
    assert pairs.mean() == pytest.approx(0.75, abs=0.05)
    assert np.all(chance_purity(np.array([4, 4]), 3, rng=np.random.default_rng(2), n=2) == 1.0)


RNG = np.random.default_rng(3)
MISTAKES = [
    (lambda: trigger_examples(M[0], 2), ValueError, "trigger_examples: m (5, 3) must be (B, T, d"),
    (lambda: trigger_examples(M, 0), ValueError, "trigger_examples: t is 0, but must be a whole"),
    (lambda: trigger_examples(M, 21), ValueError,
     "trigger_examples: t is 21, but there are 20 places to choose"),
    (lambda: trigger_examples(M, 1, among=np.ones((4, 4), bool)), ValueError,
     "trigger_examples: among is bool (4, 4), but must be True or False for each of (4, 5)"),
    (lambda: trigger_examples(M, 1, among=np.ones((4, 5))), ValueError,
     "trigger_examples: among is float64 (4, 5), but must be True or False for each"),
    (lambda: purity([1, 2]), ValueError, "purity: tokens (2,) must be (n, t)"),
    (lambda: purity([[1.0]]), TypeError, "purity: tokens are float64, but must be integers"),
    (lambda: chance_purity([], 2, rng=RNG), ValueError, "chance_purity: there are no tokens to"),
    (lambda: chance_purity([1], 0, rng=RNG), ValueError, "chance_purity: t is 0, but must be"),
    (lambda: chance_purity([1], 2, rng=RNG, n=0), ValueError, "chance_purity: n is 0, but must"),
    (lambda: chance_purity([1.0], 2, rng=RNG), TypeError, "chance_purity: tokens are float64"),
    (lambda: chance_purity([1], 2, rng=3), TypeError, "chance_purity: rng is 3, but must be a gen"),
]  # fmt: skip


@pytest.mark.parametrize("mistake, error, message", MISTAKES, ids=[m[2] for m in MISTAKES])
def test_message(mistake, error, message):
    with pytest.raises(error, match=re.escape(message)):
        mistake()
