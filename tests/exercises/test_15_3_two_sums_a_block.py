"""The reference of exercise 15.3 against the library, which quantizes the weights themselves."""

import numpy as np
import pytest

from tinyffn.bits.laws import sign_error
from tinyffn.bits.schemes import binary


@pytest.fixture
def sign_errors(part):
    return part("15.3", "reference").sign_errors


def drawn(seed, n_blocks, rows, d_out):
    rng = np.random.default_rng(seed)
    w = rng.standard_t(4, size=(n_blocks * rows, d_out)) * np.exp(rng.normal(size=d_out))
    blocks = w.reshape(n_blocks, rows, d_out)
    return w, np.abs(blocks).sum(axis=1), (blocks**2).sum(axis=1)


def test_signs_of_the_library_lose_as_much_and_take_as_many_bits(sign_errors, seeds):
    merges = [1, 2, 3, 4, 5, 9, 12]
    for seed in seeds:
        w, sums, squares = drawn(seed, 9, 4, 3)
        error, bits = sign_errors(sums, squares, 4, merges)
        found = [binary(w, per=4 * m) for m in merges]
        lost = [((w - q.values()) ** 2).sum() / (w**2).sum() for q in found]
        np.testing.assert_allclose(error, lost, rtol=1e-10)
        np.testing.assert_allclose(bits, [q.bits_per_weight() for q in found], rtol=1e-12)


def test_blocks_of_one_weight_and_a_group_of_all(sign_errors):
    w, sums, squares = drawn(0, 8, 1, 1)
    error, bits = sign_errors(sums, squares, 1, [1, 8])
    np.testing.assert_allclose(error, [0, sign_error(w)], atol=1e-12)
    assert bits.tolist() == [17, 3]


def test_merging_costs_what_the_mean_magnitudes_differ(sign_errors):
    sums, squares = np.array([[4.0], [4.0]]), np.array([[4.0], [16.0]])
    error, _ = sign_errors(sums, squares, 4, [1, 2])
    assert error[0] == error[1] == 1 - 8 / 20


def test_nothing_is_lost_of_zeros(sign_errors):
    error, bits = sign_errors(np.zeros((3, 2)), np.zeros((3, 2)), 4, [1, 3])
    assert error.tolist() == [0, 0] and bits.tolist() == [5, 1 + 16 / 12]
