"""The reference of exercise 6.1 against a naive loop, numeric derivatives and the library's op."""

import numpy as np
import pytest

from tinyffn.gradcheck import check_pair
from tinyffn.ops import embedding

LEADING = [(), (3,), (2, 3)]


@pytest.fixture
def bag(part):
    return part("6.1", "reference").bag


def draw(seed, leading):
    rng = np.random.default_rng(seed)
    ids = rng.integers(0, 6, (*leading, 7))  # seven places, six ids: one comes again
    return rng, rng.normal(size=(6, 4)), ids, rng.normal(size=ids.shape)


@pytest.mark.parametrize("leading", LEADING)
def test_forward_is_the_loop_of_its_formula(bag, leading, seeds):
    for seed in seeds:
        _, table, ids, weights = draw(seed, leading)
        y, _ = bag(table, ids, weights, 4)
        for n in np.ndindex(*leading):
            expected = np.zeros(4)
            for t in range(7):
                if ids[(*n, t)] != 4:
                    expected += weights[(*n, t)] * table[ids[(*n, t)]]
            np.testing.assert_allclose(y[n], expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("leading", LEADING)
def test_backward_is_the_derivative(bag, leading, seeds):
    for seed in list(seeds)[:20]:
        rng, table, ids, weights = draw(seed, leading)

        def pair(table, weights, ids=ids):
            return bag(table, ids, weights, 4)

        check_pair(pair, table, weights, rng=rng)


def test_with_weights_of_one_it_is_the_library_s_embedding_summed_up(bag):
    rng, table, ids, _ = draw(0, (3,))
    y, backward = bag(table, ids, np.ones(ids.shape), -1)
    rows, their_backward = embedding.pair(table, ids=ids)
    dy = rng.normal(size=y.shape)
    (dtable,) = their_backward(np.broadcast_to(dy[:, None], rows.shape))
    np.testing.assert_allclose(y, rows.sum(axis=1), rtol=1e-12)
    np.testing.assert_allclose(backward(dy)[0], dtable, rtol=1e-12)


def test_float32_stays(bag):
    _, table, ids, weights = draw(0, (3,))
    y, backward = bag(table.astype(np.float32), ids, weights.astype(np.float32), 4)
    assert {a.dtype for a in (y, *backward(y))} == {np.dtype("float32")}


def test_the_first_two_hints_do_not_hold_the_answer(exercise):
    for hint in exercise("6.1").hints[:2]:
        assert not any(code in hint for code in ("add.at", "einsum", "@", "np."))
