"""The reference of exercise 16.4 against plain loops, Kronecker products and least squares."""

import itertools

import numpy as np
import pytest

OUTS, INS = (3, 4), (5, 2)


@pytest.fixture
def answer(part):
    return part("16.4", "reference")


def looped(first, second):
    """The weight of two cores, number by number."""
    (o1s, i1s, rank), (_, o2s, i2s) = first.shape, second.shape
    w = np.zeros((o1s * o2s, i1s * i2s))
    for o1, o2, i1, i2 in itertools.product(*map(range, (o1s, o2s, i1s, i2s))):
        terms = [first[o1, i1, k] * second[k, o2, i2] for k in range(rank)]
        w[o1 * o2s + o2, i1 * i2s + i2] = sum(terms)
    return w


def fitted(w, rank, rng, sweeps=300):
    """A train found by least squares for one core, then the other, again and again."""
    (o1s, o2s), (i1s, i2s) = OUTS, INS
    pairs = [(o1, i1) for o1 in range(o1s) for i1 in range(i1s)]
    blocks = np.array(
        [w[o * o2s : (o + 1) * o2s, i * i2s : (i + 1) * i2s].ravel() for o, i in pairs]
    )
    b = rng.normal(size=(rank, o2s * i2s))
    for _ in range(sweeps):
        a = np.linalg.lstsq(b.T, blocks.T, rcond=None)[0].T
        b = np.linalg.lstsq(a, blocks, rcond=None)[0]
    return looped(a.reshape(o1s, i1s, rank), b.reshape(rank, o2s, i2s))


def test_with_all_ranks_nothing_is_left(answer, seeds):
    for seed in seeds:
        w = np.random.default_rng(seed).normal(size=(12, 10))
        np.testing.assert_allclose(looped(*answer.tensor_train(w, OUTS, INS, 8)), w, atol=1e-12)


@pytest.mark.parametrize("rank", [1, 2, 4])
def test_no_other_start_ends_closer(answer, rank, seeds):
    for seed in seeds:
        rng = np.random.default_rng(seed)
        w = rng.normal(size=(12, 10))
        w[:, :2] *= 4
        left = np.sum((w - looped(*answer.tensor_train(w, OUTS, INS, rank))) ** 2)
        other = np.sum((w - fitted(w, rank, rng)) ** 2)
        assert left < other + 1e-9
        assert other == pytest.approx(left, rel=0.01)


def test_a_sum_of_kronecker_products_is_a_train(answer, seeds):
    for seed in seeds:
        rng = np.random.default_rng(seed)
        p, q = rng.normal(size=(2, 3, 5)), rng.normal(size=(2, 4, 2))
        w = np.kron(p[0], q[0]) + np.kron(p[1], q[1])
        np.testing.assert_allclose(looped(*answer.tensor_train(w, OUTS, INS, 2)), w, atol=1e-12)


def test_a_train_with_one_digit_each_is_a_product_of_two_matrices(answer):
    w = np.random.default_rng(1).normal(size=(12, 10))
    first, second = answer.tensor_train(w, (12, 1), (1, 10), 10)
    np.testing.assert_allclose(first[:, 0] @ second[:, 0], w, atol=1e-12)


def test_inputs_go_through_the_cores_as_through_the_matrix(answer, seeds):
    for seed in seeds:
        rng = np.random.default_rng(seed)
        first, second = rng.normal(size=(3, 5, 2)), rng.normal(size=(2, 4, 2))
        x = rng.normal(size=(2, 7, 10))
        expected = x @ looped(first, second).T
        np.testing.assert_allclose(answer.product(x, first, second), expected, atol=1e-12)


def test_ranks_are_the_largest_whose_arrays_fit(answer):
    for n_bytes in (10, 100, 333, 1000):
        product, train = answer.ranks(OUTS, INS, n_bytes)
        for rank, side, shapes in (
            (product, 10, lambda r: [(12, r), (r, 10)]),
            (train, 8, lambda r: [(3, 5, r), (r, 4, 2)]),
        ):
            sizes = [
                sum(np.zeros(s, np.float16).nbytes for s in shapes(r)) for r in (rank, rank + 1)
            ]
            assert sizes[0] <= n_bytes and rank <= side
            assert sizes[1] > n_bytes or rank == side


def test_one_example_of_ranks_worked_out(answer):
    # 2560 bytes are 1280 numbers: 1280 / (256 + 64) = 4, and 1280 / (128 + 128) = 5
    assert answer.ranks((16, 16), (8, 8), 2560) == (4, 5)
