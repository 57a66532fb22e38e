"""Agreement of keys and values: counted right, and held to what chance gives."""

import re

import numpy as np
import pytest

from tinyffn.studies.keyvalue.agreement import (
    active_fraction,
    agreement_rate,
    composition,
    is_active,
    others_rates,
    permuted_rates,
)

TOP, NEXT = np.array([1, 2, 3, 2]), np.array([1, 3, 2, 2])


def rng():
    return np.random.default_rng(0)


def test_the_rate_is_the_share_of_equal_tokens_in_any_order_of_values():
    assert agreement_rate(TOP, NEXT) == 0.5
    assert agreement_rate(TOP, NEXT, permutation=[0, 2, 1, 3]) == 1.0
    assert agreement_rate(TOP, NEXT, permutation=[1, 0, 2, 3]) == 0.25


def test_permutations_know_frequencies_and_no_more():
    """The mean over permutations is what two draws with those frequencies would give."""
    one, two = rng().integers(0, 4, (2, 300)) ** 2 // 3  # some tokens are more frequent
    rates = permuted_rates(one, two, rng=rng(), n=500)
    p, q = (np.bincount(tokens, minlength=4) / 300 for tokens in (one, two))
    assert rates.shape == (500,)
    assert rates.mean() == pytest.approx(p @ q, abs=4 * rates.std() / np.sqrt(500))
    assert permuted_rates(one, one, rng=rng()).max() < agreement_rate(one, one) == 1.0


def test_permutations_of_the_only_token_change_nothing():
    assert np.all(permuted_rates([3, 3], [3, 3], rng=rng(), n=5) == 1.0)


def test_others_of_a_group_know_what_all_of_it_know():
    """Two groups, each with two tokens of its own: half right by chance, not a quarter."""
    groups = rng().permutation(np.repeat([0, 1], 500))
    top, following = 2 * groups + rng().integers(0, 2, (2, 1000))
    anywhere = permuted_rates(top, following, rng=rng())
    within, counted = others_rates(top, following, groups, rng=rng())
    assert anywhere.mean() == pytest.approx(0.25, abs=0.02)
    assert within.mean() == pytest.approx(0.5, abs=0.02) and within.std() > 0 and counted.all()


def test_no_key_keeps_its_own_value_and_all_others_are_as_likely():
    groups = [5, 2, 5, 5, 9, 2]  # memory 4 is alone
    top = np.arange(6)
    for_each = []
    for j in range(6):  # is the value of memory j at key i?
        rates, counted = others_rates(np.where(top == j, 7, 6), [7] * 6, groups, rng=rng(), n=1)
        for_each.append(5 * rates[0])
    assert np.allclose(for_each, [1, 1, 1, 1, 0, 1])  # each value is dealt once
    assert counted.tolist() == [True, True, True, True, False, True]
    own, _ = others_rates(top, top, groups, rng=rng(), n=50)
    assert np.all(own == 0.0)
    for i, j, expected in [(0, 2, 1 / 2), (0, 3, 1 / 2), (1, 5, 1), (0, 1, 0), (0, 4, 0)]:
        next_tokens = np.where(top == i, j, 9)
        rates, _ = others_rates(top, next_tokens, groups, rng=rng(), n=2000)
        assert 5 * rates.mean() == pytest.approx(expected, abs=0.04)


def test_those_alone_in_their_group_are_not_counted():
    rates, counted = others_rates([1, 2, 3], [1, 3, 2], [4, 6, 6], rng=rng(), n=3)
    assert np.all(rates == 1.0) and counted.tolist() == [False, True, True]


def test_active_is_what_is_not_zero_or_large_enough_for_its_memory():
    m = np.array([[[0.0, 1.0, -4.0], [2.0, 0.05, 1.0]]])
    assert is_active(m).tolist() == [[[False, True, True], [True, True, True]]]
    assert is_active(m, least=0.3).tolist() == [[[False, True, True], [True, False, False]]]
    assert active_fraction(m) == pytest.approx(5 / 6)
    assert active_fraction(np.zeros((2, 3))) == 0.0


def test_composition_is_what_no_active_memory_says():
    layer, top = [4, 1, 2, 1], [1, 2, 1]
    active = [[1, 1, 1], [1, 0, 0], [1, 0, 1], [0, 0, 1]]
    assert composition(layer, top, active) == 0.5  # 4 is said by none; 2 only by one not active
    assert composition([9], [0, 1], [[True, True]]) == 1.0
    assert composition([0], [9, 0], [[False, True]]) == 0.0


MISTAKES = [
    (lambda: agreement_rate([1], [1, 2]), ValueError,
     "agreement_rate: top_tokens (1,) and next_tokens (2,) must be equally many, one or more"),
    (lambda: agreement_rate([], []), ValueError, "agreement_rate: top_tokens (0,) and next_tokens"),
    (lambda: agreement_rate([1.0], [1]), TypeError, "agreement_rate: top_tokens are float64, but"),
    (lambda: agreement_rate(TOP, NEXT, permutation=[0, 0, 1, 2]), ValueError,
     "agreement_rate: permutation must name each of 0 to 3 once"),
    (lambda: permuted_rates(TOP, NEXT[:2], rng=rng()), ValueError, "permuted_rates: top_tokens (4"),
    (lambda: permuted_rates(TOP, NEXT, rng=rng(), n=0), ValueError, "permuted_rates: n is 0, but"),
    (lambda: permuted_rates(TOP, NEXT, rng=1), TypeError, "permuted_rates: rng is 1, but must be"),
    (lambda: others_rates(TOP, NEXT[:2], TOP, rng=rng()), ValueError,
     "others_rates: top_tokens (4,) and next_tokens (2,) must be equally many"),
    (lambda: others_rates(TOP, NEXT, [1], rng=rng()), ValueError,
     "others_rates: top_tokens (4,) and groups (1,) must be equally many, one or more"),
    (lambda: others_rates(TOP, NEXT, [3, 0, 1, 2], rng=rng()), ValueError,
     "others_rates: no two memories have the same group: none has others"),
    (lambda: others_rates(TOP, NEXT, TOP, rng=rng(), n=0), ValueError, "others_rates: n is 0, but"),
    (lambda: others_rates(TOP, NEXT, TOP, rng=1), TypeError, "others_rates: rng is 1, but must be"),
    (lambda: is_active(np.zeros((0, 2))), ValueError,
     "is_active: m (0, 2) must hold something, and least, 0.0, be at least 0 and below 1"),
    (lambda: active_fraction(np.ones(2), least=1), ValueError, "is_active: m (2,) must hold"),
    (lambda: composition([1], [1, 2], [[True]]), ValueError,
     "composition: active (1, 1) must be (1, 2), places by memories"),
    (lambda: composition([1.0], [1], [[True]]), TypeError, "composition: layer_tokens are float64"),
    (lambda: composition([1], [[1]], [[True]]), ValueError, "composition: top_tokens (1, 1) must"),
]  # fmt: skip


@pytest.mark.parametrize("mistake, error, message", MISTAKES, ids=[m[2] for m in MISTAKES])
def test_message(mistake, error, message):
    with pytest.raises(error, match=re.escape(message)):
        mistake()
