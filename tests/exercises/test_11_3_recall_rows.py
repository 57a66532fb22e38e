"""The reference of exercise 11.3 against a text written word by word, and the library's rows."""

import numpy as np
import pytest

from tinyffn.data import random_recall
from tinyffn.ops.loss import IGNORED


@pytest.fixture
def recall_rows(part):
    return part("11.3", "reference").recall_rows


def drawn(rng, n_rows, n_pairs, n_questions, n_keys=9, n_values=7):
    keys = np.stack([rng.permutation(n_keys)[:n_pairs] for _ in range(n_rows)])
    values = rng.integers(n_values, size=(n_rows, n_pairs))
    return keys, values, rng.integers(n_pairs, size=(n_rows, n_questions)), n_keys, n_values


@pytest.mark.parametrize("n_pairs, n_questions", [(4, 4), (5, 2), (2, 6), (1, 1)])
def test_it_reads_as_the_task_says(recall_rows, n_pairs, n_questions, seeds):
    for seed in seeds:
        rng = np.random.default_rng(seed)
        keys, values, order, n_keys, n_values = drawn(rng, 3, n_pairs, n_questions)
        ids, targets, is_answer = recall_rows(keys, values, order, n_keys, n_values)
        for row in range(3):
            text, answers = [], []
            for i in [*range(n_pairs), None, *order[row]]:
                if i is None:
                    text.append(n_keys + n_values)
                    continue
                text += [keys[row, i], n_keys + values[row, i]]
                if n_keys + n_values in text:
                    answers.append(len(text) - 1)
            assert ids[row].tolist() == text[:-1] and targets[row].tolist() == text[1:]
            assert (np.flatnonzero(is_answer[row]) + 1).tolist() == answers
        assert is_answer.dtype == bool


def test_every_answer_can_be_found_in_what_was_read_before(recall_rows, seeds):
    for seed in seeds:
        ids, targets, is_answer = recall_rows(*drawn(np.random.default_rng(seed), 4, 5, 3))
        for row, place in np.argwhere(is_answer):
            (first, *_) = np.flatnonzero(ids[row, :place] == ids[row, place])
            assert ids[row, first + 1] == targets[row, place]


def test_the_library_asks_the_same_without_saying_the_answers(recall_rows):
    theirs, their_targets = next(
        random_recall(n_pairs=4, n_keys=9, n_values=7, batch_size=5, rng=np.random.default_rng(0))
    )
    keys, values = theirs[:, 0:8:2], theirs[:, 1:8:2] - 9
    order = np.argmax(theirs[:, 8:, None] == keys[:, None], axis=2)
    ids, targets, is_answer = recall_rows(keys, values, order, 9, 7)
    np.testing.assert_array_equal(ids[:, :8], theirs[:, :8])
    np.testing.assert_array_equal(ids[:, 9::2], theirs[:, 8:])
    np.testing.assert_array_equal(
        targets[is_answer].reshape(5, 4), their_targets[their_targets != IGNORED].reshape(5, 4)
    )
