"""Windows: places at random or every one in order, targets one further on, no copies."""

import re

import numpy as np
import pytest

from tinyffn import data

IDS = np.arange(50)


def _windows(ids=IDS, **settings):
    settings = {"batch_size": 4, "length": 6, "rng": np.random.default_rng(1)} | settings
    return data.random_windows(ids, **settings)


def _contexts(ids=IDS, **settings):
    settings = {"batch_size": 4, "window": 6, "rng": np.random.default_rng(1)} | settings
    return data.random_contexts(ids, **settings)


@pytest.mark.parametrize("window", [1, 2, 7, 49])
def test_every_context_once_and_in_order(window):
    ids = np.random.default_rng(2).permutation(50)
    contexts, targets = data.every_context(ids, window=window)
    assert contexts.shape == (50 - window, window) and targets.shape == (50 - window,)
    for i in range(50 - window):
        assert contexts[i].tolist() == ids[i : i + window].tolist()
        assert targets[i] == ids[i + window]
    assert np.shares_memory(contexts, ids)


def test_random_contexts_hold_the_id_after_each_and_reach_every_place():
    batches = _contexts()
    starts = set()
    for _ in range(300):
        contexts, targets = next(batches)
        assert contexts.shape == (4, 6) and targets.shape == (4,)
        assert np.array_equal(contexts, contexts[:, :1] + np.arange(6))
        assert np.array_equal(targets, contexts[:, -1] + 1)
        starts.update(contexts[:, 0].tolist())
    assert starts == set(range(50 - 6))


def test_windows_hold_their_targets_one_further_on_and_reach_every_place():
    batches = _windows(length=6)
    starts = set()
    for _ in range(300):
        ids, targets = next(batches)
        assert ids.shape == targets.shape == (4, 6)
        assert np.array_equal(ids, ids[:, :1] + np.arange(6)) and np.array_equal(targets, ids + 1)
        starts.update(ids[:, 0].tolist())
    assert starts == set(range(50 - 6))  # the last target is the last id


def test_the_seed_decides_the_windows():
    a, b = (next(_windows(rng=np.random.default_rng(3)))[0] for _ in range(2))
    assert np.array_equal(a, b)
    assert not np.array_equal(a, next(_windows(rng=np.random.default_rng(4)))[0])


def test_they_are_the_places_of_random_windows():
    windows = data.random_windows(IDS, batch_size=4, length=6, rng=np.random.default_rng(1))
    for (contexts, targets), (ids, followers) in zip(_contexts(), windows, strict=False):
        assert np.array_equal(contexts, ids) and np.array_equal(targets, followers[:, -1])
        if ids[0, 0] > 40:
            break


MISTAKES = [
    (lambda: data.every_context(IDS, window=50), ValueError,
     "every_context: 50 ids are too few for a window of 50 and a target"),
    (lambda: data.every_context(IDS, window=0), ValueError,
     "every_context: window is 0, but must be a whole number above 0"),
    (lambda: data.every_context(IDS / 2, window=3), TypeError,
     "every_context: ids are float64, but must be integers"),
    (lambda: data.every_context(IDS[None], window=3), ValueError,
     "every_context: ids (1, 50) must be (T)"),
    (lambda: _contexts(window=50), ValueError,
     "random_contexts: 50 ids are too few for a window of 50 and a target"),
    (lambda: _contexts(window=0), ValueError, "random_contexts: window is 0, but must be a whole"),
    (lambda: _contexts(ids=IDS / 2), TypeError, "random_contexts: ids are float64, but must be"),
    (lambda: _contexts(rng=7), TypeError, "random_contexts: rng is 7, but must be a generator"),
    (lambda: _windows(ids=IDS[None]), ValueError, "random_windows: ids (1, 50) must be (T)"),
    (lambda: _windows(ids=IDS / 2), TypeError, "random_windows: ids are float64, but must be"),
    (lambda: _windows(length=50), ValueError,
     "random_windows: 50 ids are too few for a window of 50 and a target"),
    (lambda: _windows(length=0), ValueError, "random_windows: length is 0, but must be a whole"),
    (lambda: _windows(batch_size=0), ValueError, "random_windows: batch_size is 0, but must be a"),
    (lambda: _windows(rng=7), TypeError, "random_windows: rng is 7, but must be a generator"),
]  # fmt: skip


@pytest.mark.parametrize("mistake, error, message", MISTAKES, ids=[m[2] for m in MISTAKES])
def test_message(mistake, error, message):
    with pytest.raises(error, match=re.escape(message)):
        mistake()
