"""The reference of exercise 16.2 against matrices, and against the library where n allows it."""

import numpy as np
import pytest

from tinyffn.bits.hadamard import rotated, walsh_hadamard


@pytest.fixture
def answer(part):
    return part("16.2", "reference")


def matrix(n):
    """H for a power of two, times the identity of the odd part: np.kron has teams m apart."""
    power = n & -n
    bits = [[(-1) ** (i & j).bit_count() for j in range(power)] for i in range(power)]
    return np.kron(np.array(bits), np.eye(n // power)) / np.sqrt(power)


def drawn(seed, n, d_out=5):
    rng = np.random.default_rng([seed, n])
    return rng.normal(size=(2, 3, n)), rng.choice([-1.0, 1.0], n), rng.normal(size=(n, d_out))


@pytest.mark.parametrize("n", [1, 2, 3, 6, 12, 16, 20, 40])
def test_it_is_the_product_with_a_matrix(answer, n, seeds):
    for seed in seeds:
        x, flips, w = drawn(seed, n)
        h = matrix(n)
        np.testing.assert_allclose(answer.spin(x, flips), x * flips @ h, atol=1e-12)
        np.testing.assert_allclose(answer.unspin(x, flips), x @ h * flips, atol=1e-12)
        np.testing.assert_allclose(answer.fold(w, flips), h @ (flips[:, None] * w), atol=1e-12)


@pytest.mark.parametrize("n", [6, 24, 96])
def test_it_is_a_rotation_that_can_be_folded(answer, n, seeds):
    for seed in seeds:
        x, flips, w = drawn(seed, n)
        y = answer.spin(x, flips)
        np.testing.assert_allclose(np.linalg.norm(y, axis=-1), np.linalg.norm(x, axis=-1))
        np.testing.assert_allclose(answer.unspin(y, flips), x, atol=1e-12)
        np.testing.assert_allclose(y @ answer.fold(w, flips), x @ w, atol=1e-10)


def test_for_a_power_of_two_it_is_the_librarys(answer):
    x, flips, w = drawn(1, 32)
    np.testing.assert_allclose(answer.spin(x, np.ones(32)), walsh_hadamard(x), atol=1e-12)
    np.testing.assert_allclose(answer.fold(w, flips), rotated(flips[:, None] * w), atol=1e-12)
