"""Damage: a share of batches, one id all over, and what is ignored stays so."""

import re

import numpy as np
import pytest

from tinyffn import data
from tinyffn.ops.loss import IGNORED


def _clean(n=400):
    rng = np.random.default_rng(5)
    for _ in range(n):
        ids = rng.integers(0, 90, (3, 4))
        yield ids, np.where(rng.random(ids.shape) < 0.2, IGNORED, (ids + 1) % 90)


def _damaged(share=0.1, vocab_size=90, rng=None, batches=None):
    rng = np.random.default_rng(6) if rng is None else rng
    return data.damaged(batches or _clean(), share=share, vocab_size=vocab_size, rng=rng)


def test_damage_fills_a_share_of_batches_with_one_id_and_leaves_the_others():
    drawn = []
    for (ids, targets), (clean_ids, clean_targets) in zip(_damaged(), _clean(), strict=True):
        assert np.array_equal(targets == IGNORED, clean_targets == IGNORED)
        if np.array_equal(ids, clean_ids):
            assert np.array_equal(targets, clean_targets)
        else:
            (one,) = set(ids.ravel().tolist())
            assert set(targets[targets != IGNORED].tolist()) == {one}
            drawn.append(one)
    assert 20 < len(drawn) < 60 and len(set(drawn)) > 10


def test_without_a_share_there_is_no_damage():
    for damaged, clean in zip(_damaged(share=0.0), _clean(), strict=True):
        assert all(np.array_equal(a, b) for a, b in zip(damaged, clean, strict=True))


def test_batches_may_be_lists_and_keep_their_type():
    batches = [([1, 2], [3, IGNORED]), (np.array([1, 2], np.int32), np.array([3, 4], np.int16))]
    found = list(data.damaged(batches, share=0.9, vocab_size=9, rng=np.random.default_rng(1)))
    (ids, targets), (other_ids, others) = found[0], found[1]
    assert ids.shape == targets.shape == (2,) and targets[1] == IGNORED and targets[0] == ids[0]
    assert other_ids.dtype == np.int32 and others.dtype == np.int16


MISTAKES = [
    (lambda: _damaged(share=1.0), ValueError, "damaged: share is 1.0, but must be a number, at"),
    (lambda: _damaged(vocab_size=0), ValueError, "damaged: vocab_size is 0, but must be a whole"),
    (lambda: _damaged(rng=7), TypeError, "damaged: rng is 7, but must be a generator"),
]


@pytest.mark.parametrize("mistake, error, message", MISTAKES, ids=[m[2] for m in MISTAKES])
def test_message(mistake, error, message):
    with pytest.raises(error, match=re.escape(message)):
        mistake()
