"""The reference of exercise 1.2 against the stack itself, run by naive loops."""

from itertools import pairwise

import numpy as np
import pytest

STACKS = [(4, 3), (4, 3, 2), (1, 1, 1), (4, 3, 5, 2), (16,) * 17]


@pytest.fixture
def fold(part):
    return part("1.2", "reference").fold


def draw(seed, widths):
    rng = np.random.default_rng(seed)
    tables = [rng.normal(size=(a + 1, b)) / np.sqrt(a) for a, b in pairwise(widths)]
    return tables, rng.normal(size=widths[0])


def run(tables, x):
    """The formula of one layer, number by number, for one example and one layer after the other."""
    for t in tables:
        d_in, d_out = len(t) - 1, len(t[0])
        x = [sum(x[i] * t[i, j] for i in range(d_in)) + t[d_in, j] for j in range(d_out)]
    return x


@pytest.mark.parametrize("widths", STACKS, ids=str)
def test_one_layer_gives_what_the_stack_gives(fold, widths, seeds):
    for seed in seeds:
        tables, x = draw(seed, widths)
        folded = fold(tables)
        assert folded.shape == (widths[0] + 1, widths[-1])
        np.testing.assert_allclose(run([folded], x), run(tables, x), rtol=1e-10, atol=1e-10)


def test_it_is_what_can_be_read_off_from_outside(fold):
    tables, _ = draw(0, (4, 3, 5, 2))
    bias = run(tables, np.zeros(4))
    weights = [np.subtract(run(tables, row), bias) for row in np.eye(4)]
    np.testing.assert_allclose(fold(tables), [*weights, bias], atol=1e-12)


def test_the_tables_are_left_as_they_are(fold):
    tables, _ = draw(0, (4, 3, 2))
    before = [table.copy() for table in tables]
    fold(tables)
    assert all(np.array_equal(a, b) for a, b in zip(tables, before, strict=True))
    assert fold([table.astype(np.float32) for table in tables]).dtype == np.float32


def test_the_first_two_hints_do_not_hold_the_answer(exercise):
    for hint in exercise("1.2").hints[:2]:
        assert not any(code in hint for code in ("[", "@", "vstack", "folded"))
