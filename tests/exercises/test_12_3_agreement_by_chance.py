"""The reference of exercise 12.3 against all permutations one by one, and against the library."""

from itertools import permutations

import numpy as np
import pytest

from tinyffn.studies.keyvalue import agreement


@pytest.fixture
def reference(part):
    return part("12.3", "reference")


def drawn(rng, n, k, vocab_size=6):
    top = np.stack([rng.permutation(vocab_size)[:k] for _ in range(n)])
    return top, rng.integers(vocab_size, size=n)


@pytest.mark.parametrize("n, k", [(2, 1), (5, 1), (5, 2), (4, 5)])
def test_mean_and_deviation_are_those_of_all_permutations(reference, n, k, seeds):
    for seed in seeds:
        top, following = drawn(np.random.default_rng(seed), n, k)
        every = map(np.array, permutations(range(n)))
        rates = [reference.agreement_rate(top, following, permutation) for permutation in every]
        mean, deviation = reference.chance_agreement(top, following)
        np.testing.assert_allclose([mean, deviation], [np.mean(rates), np.std(rates)], atol=1e-12)


def test_with_one_token_a_rate_is_that_of_the_library_for_the_way_back(reference, seeds):
    for seed in seeds:
        rng = np.random.default_rng(seed)
        top, following = drawn(rng, 20, 1)
        permutation = rng.permutation(20)
        expected = agreement.agreement_rate(top[:, 0], following, np.argsort(permutation))
        assert reference.agreement_rate(top, following, permutation) == pytest.approx(expected)


def test_the_library_samples_what_it_computes(reference):
    rng = np.random.default_rng(0)
    top, following = drawn(rng, 60, 1)
    sampled = agreement.permuted_rates(top[:, 0], following, rng=rng, n=4000)
    mean, deviation = reference.chance_agreement(top, following)
    assert abs(sampled.mean() - mean) < 4 * deviation / np.sqrt(4000)
    assert sampled.std() == pytest.approx(deviation, rel=0.05)
