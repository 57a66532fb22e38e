"""The reference of exercise 16.1 against the library's quantizers and a plain loop."""

import numpy as np
import pytest

from tinyffn.bits.schemes import binary
from tinyffn.bits.uniform import absmax


@pytest.fixture
def codes_changed(part):
    return part("16.1", "reference").codes_changed


def drawn(seed):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(30, 12)) * np.exp(rng.normal(size=12)), np.exp(rng.normal(size=12))


@pytest.mark.parametrize("bits", [1, 2, 3, 4, 8])
def test_it_counts_what_the_library_changes(codes_changed, bits, seeds):
    def codes(w):
        found = binary(w.T, per=4) if bits == 1 else absmax(w.T, bits, per=4)
        return found.codes.T

    for seed in seeds:
        w, s = drawn(seed)
        expected = (codes(w) != codes(w * s)).sum(axis=0)
        assert np.array_equal(codes_changed(w, s, bits, 4), expected)


def test_no_sign_changes_whatever_the_factors(codes_changed, seeds):
    for seed in seeds:
        w, s = drawn(seed)
        w[:, 3] = 0.0
        assert not codes_changed(w, s**9, 1, 6).any()
        assert codes_changed(w, s**9, 2, 6).any()


def test_a_factor_below_0_turns_the_sign_of_all_that_is_not_0(codes_changed, seeds):
    for seed in seeds:
        w, s = drawn(seed)
        w[:7, 3] = 0.0
        s[3:5] *= -1
        expected = np.where(np.arange(12) == 3, 23, np.where(np.arange(12) == 4, 30, 0))
        assert np.array_equal(codes_changed(w, s, 1, 6), expected)


def test_a_loop_says_the_same(codes_changed, seeds):
    for seed in seeds:
        w, s = drawn(seed)
        found = codes_changed(w, s, 3, 6)
        for i in range(12):
            group = slice(i // 6 * 6, i // 6 * 6 + 6)
            count = 0
            for row in w:
                new = row * s
                count += round(3 * row[i] / max(abs(row[group]))) != round(
                    3 * new[i] / max(abs(new[group]))
                )
            assert found[i] == count
