"""Ragged lines: every character once, nothing counted that is none, errors that name names."""

import re

import numpy as np
import pytest

from tinyffn import data
from tinyffn.ops.loss import IGNORED

END = 0
LINES = [np.array(line) for line in ([3, 1, END], [2, END], [4, 4, 5, 1, END])]


def test_lines_are_cut_after_each_end_and_empty_ones_left_out():
    ids = [3, 1, END, END, 2, END, END, END, 4, 4, 5, 1, END, 7, 7]
    found = data.cut_lines(ids, end=END)
    assert [line.tolist() for line in found] == [line.tolist() for line in LINES]


def test_the_documentation_has_ragged_lines():
    text = data.documentation()
    characters = data.Characters(text)
    end = characters.encode("\n")[0]
    lines = data.cut_lines(characters.encode(text), end=end)
    whole = [line + "\n" for line in text.split("\n")[:-1] if line]
    assert [characters.decode(line) for line in lines[:500]] == whole[:500]
    assert len(lines) == len(whole) > 5000
    lengths = [len(line) for line in lines]
    assert min(lengths) < 10 and max(lengths) > 70 and np.std(lengths) > 10


def test_padding_counts_each_character_once():
    ids, targets = data.pad_lines(LINES, end=END)
    assert ids.tolist() == [[END, 3, 1, END, END], [END, 2, END, END, END], [END, 4, 4, 5, 1]]
    no = IGNORED
    assert targets.tolist() == [[3, 1, END, no, no], [2, END, no, no, no], [4, 4, 5, 1, END]]
    assert np.count_nonzero(targets != IGNORED) == sum(map(len, LINES))


def test_a_window_at_each_place_of_a_line():
    ids, targets = data.pad_lines(LINES[::2], end=END)
    contexts, same_targets = data.pad_lines(LINES[::2], end=END, window=3)
    assert np.array_equal(targets, same_targets)
    assert contexts.shape == (2, 5, 3) and np.array_equal(contexts[..., -1], ids)
    assert contexts[1].tolist() == [[END] * 3, [END, END, 4], [END, 4, 4], [4, 4, 5], [4, 5, 1]]
    assert np.array_equal(data.pad_lines(LINES, end=END, window=1)[0][..., 0],
                          data.pad_lines(LINES, end=END)[0])  # fmt: skip
    assert next(_random(window=4))[0].shape[2:] == (4,)


def _random(lines=LINES, seed=1, **settings):
    settings = {"batch_size": 2, "end": END, "rng": np.random.default_rng(seed)} | settings
    return data.random_lines(lines, **settings)


def test_random_lines_are_whole_lines_and_all_of_them():
    batches, seen, widths = _random(), set(), set()
    for _ in range(50):
        ids, targets = next(batches)
        assert len(ids) == len(targets) == 2
        assert np.array_equal(ids[:, 0], [END, END])
        counts = targets[:, 1:] != IGNORED
        assert np.array_equal(ids[:, 1:][counts], targets[:, :-1][counts])
        seen.update(tuple(row[row != IGNORED].tolist()) for row in targets)
        widths.add(ids.shape[1])
    assert seen == {tuple(line.tolist()) for line in LINES}
    assert widths == {2, 3, 5}  # no wider than its longest line


def test_the_seed_decides_the_lines():
    a, b = (np.concatenate([next(_random(seed=3))[1].ravel() for _ in range(3)]) for _ in range(2))
    assert np.array_equal(a, b)
    many, others = (_random(seed=seed, batch_size=50) for seed in (3, 4))
    assert not np.array_equal(next(many)[1], next(others)[1])


MISTAKES = [
    (lambda: data.cut_lines([1, 2, 3], end=END), ValueError,
     "cut_lines: there is no line: no id before an end, which is 0"),
    (lambda: data.cut_lines([END, END], end=END), ValueError, "cut_lines: there is no line"),
    (lambda: data.cut_lines([0.5], end=END), TypeError, "cut_lines: ids are float64, but must be"),
    (lambda: data.cut_lines([1, END], end="\n"), TypeError,
     "cut_lines: end is '\\n', but must be an id: characters.encode('\\n')[0], say"),
    (lambda: data.pad_lines([], end=END), ValueError, "pad_lines: there is no line, or an empty"),
    (lambda: data.pad_lines([[1], []], end=END), ValueError, "pad_lines: there is no line, or an"),
    (lambda: data.pad_lines([[0.5]], end=END), TypeError, "pad_lines: ids are float64, but must"),
    (lambda: data.pad_lines([[1]], end=1.0), TypeError, "pad_lines: end is 1.0, but must be an id"),
    (lambda: data.pad_lines([[1]], end=IGNORED), ValueError, "pad_lines: end is -100, but must be"),
    (lambda: data.pad_lines([[1]], end=END, window=0), ValueError, "pad_lines: window is 0, but"),
    (lambda: _random(window=0.5), ValueError, "random_lines: window is 0.5, but must be a whole"),
    (lambda: _random(batch_size=0), ValueError, "random_lines: batch_size is 0, but must be a"),
    (lambda: _random(rng=1), TypeError, "random_lines: rng is 1, but must be a generator"),
    (lambda: _random(lines=[]), ValueError, "random_lines: there is no line, or an empty one"),
    (lambda: _random(end=None), TypeError, "random_lines: end is None, but must be an id"),
]  # fmt: skip


@pytest.mark.parametrize("mistake, error, message", MISTAKES, ids=[m[2] for m in MISTAKES])
def test_message(mistake, error, message):
    with pytest.raises(error, match=re.escape(message)):
        mistake()
