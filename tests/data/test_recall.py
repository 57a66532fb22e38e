"""Recall and copying: every row is what its description says, and chance is what it says."""

import itertools
import re

import numpy as np
import pytest

from tinyffn import data
from tinyffn.ops.loss import IGNORED

SIZES = {"n_pairs": 5, "n_keys": 7, "n_values": 6, "batch_size": 6}
COPY = {"length": 9, "offset": 3, "vocab_size": 5, "batch_size": 6}


def recall(seed=0, **changed):
    return data.random_recall(**(SIZES | {"rng": np.random.default_rng(seed)} | changed))


def copying(seed=0, **changed):
    return data.random_copying(**(COPY | {"rng": np.random.default_rng(seed)} | changed))


def together(batches, n=200):
    ids, targets = zip(*itertools.islice(batches, n), strict=True)
    return np.concatenate(ids), np.concatenate(targets)


def test_a_row_is_pairs_then_every_key_once_more_and_targets_are_the_values_behind_it():
    for ids, targets in zip(*together(recall(), 30), strict=True):
        pairs = dict(ids[:10].reshape(5, 2).tolist())
        assert len(pairs) == len(set(pairs.values())) == 5 and set(pairs) == set(ids[10:].tolist())
        assert all(0 <= key < 7 <= value < 13 for key, value in pairs.items())
        assert [pairs[key] for key in ids[10:].tolist()] == targets[10:].tolist()
        assert np.all(targets[:10] == IGNORED)


def test_shapes_and_types():
    for batches, shape in ((recall(), (6, 15)), (copying(), (6, 9))):
        ids, targets = next(batches)
        assert ids.shape == targets.shape == shape
        assert ids.dtype == targets.dtype == np.int64


def test_keys_values_and_the_order_of_the_questions_are_each_as_likely():
    ids, _ = together(recall())
    n = len(ids)
    assert np.bincount(ids[:, 0:10:2].ravel()) == pytest.approx(np.full(7, 5 * n / 7), rel=0.08)
    values = np.bincount(ids[:, 1:10:2].ravel())[7:]
    assert values == pytest.approx(np.full(6, 5 * n / 6), rel=0.08)
    asked = ids[:, None, 10:] == ids[:, 0:10:2, None]  # (n, pair, question)
    assert asked.mean(axis=0) == pytest.approx(np.full((5, 5), 0.2), abs=0.04)


def test_a_guess_among_the_values_shown_is_right_once_in_as_many_as_there_are_pairs():
    ids, targets = together(recall(), 400)
    for place in (1, 9):
        assert np.mean(targets[:, 10:] == ids[:, [place]]) == pytest.approx(1 / 5)
        right = (targets[:, 10:] == ids[:, [place]]).mean(axis=0)
        assert right == pytest.approx(np.full(5, 1 / 5), abs=0.04)


def test_copying_asks_for_what_stood_offset_places_back():
    ids, targets = next(copying())
    assert np.array_equal(targets[:, 3:], ids[:, :6])
    assert np.all(targets[:, :3] == IGNORED)


def test_copying_cannot_be_guessed():
    ids, targets = together(copying(), 400)
    assert np.mean(ids[:, 3:] == targets[:, 3:]) == pytest.approx(1 / 5, abs=0.02)
    assert np.mean(targets[:, 3:] == 0) == pytest.approx(1 / 5, abs=0.02)


@pytest.mark.parametrize("batches", [recall, copying])
def test_batches_come_from_the_seed_and_are_all_new(batches):
    assert np.array_equal(together(batches(), 3), together(batches(), 3))
    assert not np.array_equal(together(batches(), 3), together(batches(1), 3))
    stream = batches()
    assert not np.array_equal(next(stream), next(stream))


MISTAKES = [
    (lambda: recall(n_pairs=7), ValueError, "random_recall: n_pairs is 7, but must be at most "
     "n_keys = 7 and n_values = 6: those of a row all differ"),
    (lambda: recall(n_pairs=6, n_keys=5), ValueError, "random_recall: n_pairs is 6, but must be"),
    (lambda: recall(n_pairs=0), ValueError, "random_recall: n_pairs is 0, but must be a whole"),
    (lambda: recall(n_values=2.0), ValueError, "random_recall: n_values is 2.0, but must be a"),
    (lambda: recall(batch_size=0), ValueError, "random_recall: batch_size is 0, but must be a"),
    (lambda: recall(n_keys=True), ValueError, "random_recall: n_keys is True, but must be a"),
    (lambda: recall(rng=0), TypeError, "random_recall: rng is 0, but must be a generator"),
    (lambda: copying(offset=9), ValueError, "random_copying: offset is 9, but must be below the "
     "length of 9: no id would have a target"),
    (lambda: copying(offset=0), ValueError, "random_copying: offset is 0, but must be a whole"),
    (lambda: copying(vocab_size=0), ValueError, "random_copying: vocab_size is 0, but must be a"),
    (lambda: copying(rng=None), TypeError, "random_copying: rng is None, but must be a generator"),
]  # fmt: skip


@pytest.mark.parametrize("mistake, error, message", MISTAKES, ids=[m[2] for m in MISTAKES])
def test_message(mistake, error, message):
    with pytest.raises(error, match=re.escape(message)):
        mistake()
