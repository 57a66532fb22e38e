"""Reading a map off from its outputs: exact for stacks of dense layers, and only for them."""

import re

import numpy as np
import pytest

from tinyffn.studies.layers import random_layers, run
from tinyffn.studies.linear import misfit, rank, read_off

RNG = np.random.default_rng(4)


def _stack(widths):
    """Dense layers alone, and the w and b they fold to."""
    layers = random_layers(widths, rng=RNG, bias_std=0.3)
    folded_w, folded_b = np.eye(widths[0]), np.zeros(widths[0])
    for w, b in layers:
        folded_w, folded_b = folded_w @ w, folded_b @ w + b
    return (lambda x: _all(layers, x)), folded_w, folded_b


def _all(layers, x):
    for w, b in layers:
        x = x @ w + b
    return x


@pytest.mark.parametrize("widths", [(4, 3), (4, 7, 3), (64,) * 17])
def test_a_stack_of_dense_layers_is_read_off(widths):
    f, w, b = _stack(widths)
    got_w, got_b = read_off(f, widths[0])
    np.testing.assert_allclose(got_w, w, atol=1e-12 * np.abs(w).max())
    np.testing.assert_allclose(got_b, b, atol=1e-12 * np.abs(w).max())
    assert misfit(f, RNG.normal(size=(50, widths[0]))) < 1e-13


def test_a_map_that_bends_does_not_fit_by_as_much_as_paper_says():
    """|x| at 0 and 1 reads off as x, so at -1 it is wrong by 2, of a reach of 1."""
    x = np.array([[-1.0], [0.5]])
    assert misfit(np.abs, x) == pytest.approx(2.0)
    layers = random_layers([8, 16, 8], rng=RNG, bias_std=0.3)
    assert misfit(lambda x: run(layers, x), RNG.normal(size=(50, 8))) > 0.1


def test_a_map_that_is_constant_fits():
    assert misfit(lambda x: np.ones((len(x), 2)), RNG.normal(size=(5, 3))) == 0.0


@pytest.mark.parametrize("widths", [(9, 9, 9), (9, 4, 9), (9, 6, 3, 6, 9), (9, 2)])
def test_the_rank_is_the_narrowest_width(widths):
    _, w, _ = _stack(widths)
    assert rank(w) == min(widths)


def test_the_rank_of_nothing_is_zero():
    assert rank(np.zeros((3, 4))) == 0


MISTAKES = [
    (lambda: read_off(3, 2), TypeError, "read_off: f is 3, but must be a function"),
    (lambda: read_off(np.abs, 0), ValueError, "read_off: d_in is 0, but must be a whole number"),
    (lambda: misfit(np.abs, np.ones(3)), ValueError, "misfit: x (3,) must be (n, d_in)"),
    (lambda: misfit(lambda x: np.full((len(x), 2), np.nan), np.ones((4, 3))), ValueError,
     "misfit: f gives a number that is not finite"),
    (lambda: misfit(lambda x: np.where(x > 1, np.inf, x), np.full((4, 3), 2.0)), ValueError,
     "misfit: f gives a number that is not finite"),
    (lambda: rank(np.ones(3)), ValueError, "rank: w (3,) must be (d_in, d_out)"),
    (lambda: rank(np.ones((3, 0))), ValueError, "rank: w (3, 0) must be (d_in, d_out), neither"),
]  # fmt: skip


@pytest.mark.parametrize("mistake, error, message", MISTAKES, ids=[m[2] for m in MISTAKES])
def test_message(mistake, error, message):
    with pytest.raises(error, match=re.escape(message)):
        mistake()
