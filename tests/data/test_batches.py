"""Random batches: rows stay together, all rows come, and one seed gives the same batches."""

import re
from itertools import islice

import numpy as np
import pytest

from tinyffn import data


def draw(n, *arrays, seed=0, batch_size=4):
    rng = np.random.default_rng(seed)
    return list(islice(data.random_batches(*arrays, batch_size=batch_size, rng=rng), n))


def test_rows_stay_together_and_all_of_them_come():
    labels = np.arange(10)
    batches = draw(100, np.stack([labels, labels * labels], axis=1), labels)
    assert all(x.shape == (4, 2) and y.shape == (4,) for x, y in batches)
    assert all(np.array_equal(x, np.stack([y, y * y], axis=1)) for x, y in batches)
    counts = np.bincount(np.concatenate([y for _, y in batches]))
    assert counts.min() > 20 and counts.max() < 65


def test_lists_are_taken_as_arrays():
    (x, y), *_ = draw(1, [[1, 2], [3, 4]], [5, 6])
    assert x.shape == (4, 2) and np.array_equal(x[:, 0] == 1, y == 5)


def test_one_seed_gives_the_same_batches():
    labels = np.arange(50)
    assert np.array_equal(draw(3, labels), draw(3, labels))
    assert not np.array_equal(draw(3, labels), draw(3, labels, seed=1))


@pytest.mark.parametrize(
    "arrays, settings, error, message",
    [
        ([[1]], {"batch_size": 0}, ValueError, "random_batches: batch_size is 0, but must be"),
        ([[1]], {"rng": 3}, TypeError, "random_batches: rng is 3, but must be a generator"),
        ([], {}, ValueError, "random_batches: the arrays have [] rows, but must have equally many"),
        ([[1, 2], [1]], {}, ValueError, "the arrays have [2, 1] rows"),
        ([[], []], {}, ValueError, "the arrays have [0, 0] rows"),
        ([np.array(3)], {}, ValueError, "random_batches: one of the arrays is a single number"),
    ],
)
def test_errors_come_at_once(arrays, settings, error, message):
    settings = {"batch_size": 2, "rng": np.random.default_rng(0), **settings}
    with pytest.raises(error, match=re.escape(message)):
        data.random_batches(*arrays, **settings)
