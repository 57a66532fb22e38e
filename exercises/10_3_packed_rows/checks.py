"""Checks of exercise 10.3. Each asks for several rows, so that a lucky guess is not enough."""

import numpy as np

from tinyffn.lab.checks import check


def row(rng, n_documents, padding=()):
    """The documents of a row, 4 to 7 tokens each, with padding before those that are named."""
    parts = []
    for number in range(n_documents):
        if number in padding:
            parts.append(np.full(rng.integers(2, 4), -1))
        parts.append(np.full(rng.integers(4, 8), number))
    if n_documents in padding:
        parts.append(np.full(rng.integers(2, 4), -1))
    return np.concatenate(parts)


def ask(task, rng, n_documents, prefixes, padding=(), cases=3, only=None):
    """What `packed` says of some rows: both answers, or one."""
    answers = {}
    for case in range(cases):
        sees, counts = task.packed(row(rng, n_documents, padding), prefixes(case))
        both = {"sees": sees, "counts": counts}
        names = both if only is None else [only]
        answers |= {f"{name} (row {case})": both[name] for name in names}
    return answers


def none(case):
    return np.zeros(3, int)


def some(case):
    return np.array([[2, 3, 3], [3, 0, 2], [0, 2, 3]][case])


@check("documents without a prefix", points=3)
def apart(task, rng):
    return ask(task, rng, 3, none, only="sees")


@check("a prefix is seen in both directions", points=2, after="documents without a prefix")
def prefix(task, rng):
    return ask(task, rng, 1, lambda case: np.array([case + 2]), cases=2, only="sees")


@check("documents with prefixes", points=2, after="a prefix is seen in both directions")
def both(task, rng):
    return ask(task, rng, 3, some, only="sees")


@check("which predictions count", points=2, after="documents without a prefix")
def counts(task, rng):
    return ask(task, rng, 3, none, only="counts")


@check("which count behind a prefix", points=2, after="which predictions count")
def counts_behind(task, rng):
    return ask(task, rng, 3, some, only="counts")


@check("padding", points=2, after=("documents with prefixes", "which count behind a prefix"))
def padded(task, rng):
    return ask(task, rng, 3, some, padding=(1, 3))


@check("a prefix longer than its document", points=1, after="padding")
def long_prefix(task, rng):
    return ask(task, rng, 3, lambda case: np.array([2, 9, 0]), padding=(2,), cases=2)
