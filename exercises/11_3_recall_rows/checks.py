"""Checks of exercise 11.3. Keys, values, pairs and questions are of different numbers."""

import numpy as np

from tinyffn.lab.checks import check

N_KEYS, N_VALUES = 11, 9
NAMES = ("ids", "targets", "is_answer")


def some(rng, n, n_rows, n_each):
    """n_each different numbers below n for each row."""
    return rng.permuted(np.tile(np.arange(n), (n_rows, 1)), axis=1)[:, :n_each]


def rows(rng, n_rows=3, n_pairs=5, n_questions=None):
    """Keys, values, and an order: each pair once, or if n_questions is given, any of them."""
    order = some(rng, n_pairs, n_rows, n_pairs)
    while n_pairs > 2 and np.array_equal(order, np.argsort(order, axis=1)):
        order = some(rng, n_pairs, n_rows, n_pairs)
    if n_questions is not None:
        order = rng.integers(n_pairs, size=(n_rows, n_questions))
        order[:, -1] = order[:, 0]  # one is asked twice at least
    keys, values = some(rng, N_KEYS, n_rows, n_pairs), some(rng, N_VALUES, n_rows, n_pairs)
    return keys, values, order, N_KEYS, N_VALUES


@check("ids of one row", points=2)
def ids(task, rng):
    return {"ids": task.recall_rows(*rows(rng, n_rows=1))[0]}


@check("targets of one row", points=2, after="ids of one row")
def targets(task, rng):
    return {"targets": task.recall_rows(*rows(rng, n_rows=1))[1]}


@check("where the answers are", points=3, after="targets of one row")
def answers(task, rng):
    _, targets, is_answer = task.recall_rows(*rows(rng, n_rows=1))
    return {"targets": targets, "is_answer": is_answer}


@check("many rows", points=2, after="where the answers are")
def many(task, rng):
    return dict(zip(NAMES, task.recall_rows(*rows(rng)), strict=True))


@check("as many questions as one likes", points=2, after="many rows")
def questions(task, rng):
    values = {}
    for n_pairs, n_questions in [(5, 2), (3, 7)]:
        found = task.recall_rows(*rows(rng, n_pairs=n_pairs, n_questions=n_questions))
        for name, array in zip(NAMES, found, strict=True):
            values[f"{name} ({n_pairs} pairs, {n_questions} questions)"] = array
    return values
