"""The fast Walsh-Hadamard transform against the matrix that it stands for."""

import numpy as np
import pytest

from tinyffn.bits.hadamard import rotated, walsh_hadamard


def matrix(n):
    """The normalised matrix, from H_2n = [[H, H], [H, -H]]."""
    h = np.ones((1, 1))
    while len(h) < n:
        h = np.block([[h, h], [h, -h]])
    return h / np.sqrt(n)


@pytest.mark.parametrize("n", [1, 2, 4, 8, 64])
def test_it_is_the_product_with_the_matrix(n):
    x = np.random.default_rng(n).normal(size=(3, 5, n))
    assert np.allclose(walsh_hadamard(x), x @ matrix(n), rtol=0, atol=1e-12)


def test_entries_count_common_bits():
    found = walsh_hadamard(np.eye(16)) * 4
    for i in range(16):
        for j in range(16):
            assert found[i, j] == pytest.approx((-1) ** (i & j).bit_count())


def test_it_is_a_rotation_and_its_own_inverse():
    x = np.random.default_rng(1).normal(size=(7, 128))
    y = walsh_hadamard(x)
    assert np.allclose(walsh_hadamard(y), x, rtol=0, atol=1e-12)
    assert np.allclose(y @ y.T, x @ x.T, rtol=1e-10)


def test_one_large_number_becomes_many_of_equal_size():
    x = np.zeros(256)
    x[17] = 16.0
    assert np.array_equal(np.abs(walsh_hadamard(x)), np.ones(256))


def test_rotating_both_sides_leaves_the_product():
    rng = np.random.default_rng(2)
    v, w = rng.normal(size=(5, 32)), rng.normal(size=(32, 3))
    assert np.allclose(walsh_hadamard(v) @ rotated(w), v @ w, rtol=1e-10)


def test_float32_stays_float32_and_the_input_as_it_was():
    x = np.random.default_rng(3).normal(size=(2, 8)).astype(np.float32)
    before = x.copy()
    assert walsh_hadamard(x).dtype == rotated(x.T).dtype == np.float32
    assert np.array_equal(x, before)
    one = x[:, :1]
    assert not np.shares_memory(walsh_hadamard(one), one)
    assert walsh_hadamard(np.empty((0, 8))).shape == (0, 8)


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: walsh_hadamard(np.ones(12)), "the last axis has 12 numbers.*a power of two"),
        (lambda: walsh_hadamard(np.ones((3, 0))), "the last axis has 0 numbers"),
        (lambda: walsh_hadamard(np.ones(4, int)), r"x is int64 \(4,\), but must be floats"),
        (lambda: walsh_hadamard(np.float64(3)), "must be floats"),
        (lambda: walsh_hadamard(np.ones(4, complex)), "x is complex128"),
        (lambda: walsh_hadamard(np.ones(4, bool)), "x is bool"),
        (lambda: rotated(np.ones(4)), r"rotated: w \(4,\) must be \(d_in, d_out\)"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
