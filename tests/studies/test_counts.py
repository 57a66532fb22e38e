"""Count baselines against the same formulas in plain loops over dictionaries."""

import math
import re
from collections import Counter, defaultdict
from itertools import pairwise

import numpy as np
import pytest

from tinyffn.studies.counts import bigram_bits, witten_bell_bits, witten_bell_surprises

TRAIN = "the cat sat on the mat and the rat sat on the cat; that is that."
TEST = "the rat and the cat sat; the hat is on the mat!"
CHARACTERS = sorted(set(TRAIN + TEST))
V = len(CHARACTERS)


def _ids(text):
    return np.array([CHARACTERS.index(c) for c in text])


def _bigram_p(train, h, c, smoothing):
    followers = Counter(b for a, b in pairwise(train) if a == h)
    return (followers[c] + smoothing) / (sum(followers.values()) + smoothing * V)


def _witten_bell_p(train, history, c):
    """p(c | history), from the shortest context to the longest."""
    p = 1.0 / V
    for n in range(len(history) + 1):
        h = history[len(history) - n :]
        followers = Counter(train[i] for i in range(n, len(train)) if train[i - n : i] == h)
        if followers:
            count, kinds = sum(followers.values()), len(followers)
            p = (followers[c] + kinds * p) / (count + kinds)
    return p


@pytest.mark.parametrize("smoothing", [1.0, 0.1, 2.5])
def test_bigram_equals_plain_loops(smoothing):
    pairs = list(pairwise(TEST))
    bits = [-math.log2(_bigram_p(TRAIN, h, c, smoothing)) for h, c in pairs]
    given = bigram_bits(_ids(TRAIN), _ids(TEST), V, smoothing=smoothing)
    assert given == pytest.approx(sum(bits) / len(bits), rel=1e-12)


def test_witten_bell_equals_plain_loops_for_every_context():
    given = witten_bell_bits(_ids(TRAIN), _ids(TEST), V, context=5)
    assert len(given) == 6
    text = TRAIN + TEST
    for n, bits_n in enumerate(given):
        places = range(len(TRAIN) + 1, len(text))
        bits = [-math.log2(_witten_bell_p(TRAIN, text[i - n : i], text[i])) for i in places]
        assert bits_n == pytest.approx(sum(bits) / len(bits), rel=1e-12), n


@pytest.mark.parametrize("start", ["the c", "!!!!!", "at is"])
def test_probabilities_sum_to_one(start):
    """Each possible next character in turn: 2^-bits is its probability."""
    totals, train = defaultdict(float), _ids(TRAIN)
    for c in CHARACTERS:
        # With `start` at the end of the training part, test ids 1.. score one character only.
        test = _ids(start[-1] + c)
        joined = np.concatenate([train, _ids(start[:-1])])
        for n, bits in enumerate(witten_bell_bits(joined, test, V, context=4)):
            totals[n] += 2.0**-bits
        totals["bigram"] += 2.0 ** -bigram_bits(train, test, V)
    assert totals.keys() == {0, 1, 2, 3, 4, "bigram"}
    for name, total in totals.items():
        assert total == pytest.approx(1.0, rel=1e-12), name


def test_what_is_certain_costs_little_and_chance_costs_its_logarithm():
    cycle = np.tile(np.arange(4), 500)
    assert bigram_bits(cycle, cycle[:40], 4, smoothing=0.01) < 0.01
    assert max(witten_bell_bits(cycle, cycle[:40], 4, context=2)[1:]) < 0.02
    draws = np.random.default_rng(1).integers(0, 4, 40_000)
    assert bigram_bits(draws[:30_000], draws[30_000:], 4) == pytest.approx(2.0, abs=0.01)


IDS = np.array([0, 1, 2, 1])
MISTAKES = [
    (lambda: bigram_bits(IDS[:1], IDS, 3), ValueError, "train has 1 ids, but needs 2 or more"),
    (lambda: witten_bell_bits(IDS, IDS[:0], 3, context=1), ValueError,
     "test has 0 ids, but needs 2 or more"),
    (lambda: bigram_bits(IDS, IDS + 1, 3), ValueError,
     "bigram_bits: ids in test run from 1 to 3, but must be from 0 to 2"),
    (lambda: bigram_bits(IDS - 1, IDS, 3), ValueError, "ids in train run from -1 to 1, but"),
    (lambda: bigram_bits(IDS.astype(float), IDS, 3), TypeError,
     "ids in train are float64, but must be integers"),
    (lambda: bigram_bits(IDS, IDS, 3.0), ValueError, "vocab_size is 3.0, but must be a whole"),
    (lambda: bigram_bits(IDS, IDS, 3, smoothing=0.0), ValueError,
     "bigram_bits: smoothing is 0.0, but must be a number above 0"),
    (lambda: bigram_bits(IDS, IDS, 3, smoothing=math.inf), ValueError, "smoothing is inf, but"),
    (lambda: witten_bell_bits(IDS, IDS, 3, context=-1), ValueError,
     "witten_bell_bits: context is -1, but must be a whole number, at least 0 and below 4"),
    (lambda: witten_bell_bits(IDS, IDS, 3, context=4), ValueError,
     "context is 4, but must be a whole number, at least 0 and below 4, the length of train"),
    (lambda: witten_bell_bits(IDS, IDS, 3, context=1.0), ValueError, "context is 1.0, but must"),
]  # fmt: skip


@pytest.mark.parametrize("mistake, error, message", MISTAKES, ids=[m[2] for m in MISTAKES])
def test_message(mistake, error, message):
    with pytest.raises(error, match=re.escape(message)):
        mistake()


def test_surprises_are_the_bits_of_each_character():
    train, test = _ids(TRAIN), _ids(TEST)
    each = witten_bell_surprises(train, test, V, context=3)
    assert each.shape == (4, len(test) - 1)
    np.testing.assert_allclose(each.mean(axis=1), witten_bell_bits(train, test, V, context=3))
    p = _witten_bell_p(TRAIN, (TRAIN + TEST)[len(TRAIN) + 4 : len(TRAIN) + 7], TEST[7])
    assert each[3, 6] == pytest.approx(-math.log2(p), rel=1e-12)
