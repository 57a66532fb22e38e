"""Pieces along a line: exact where paper knows them, and never fewer than a fine grid finds."""

import re

import numpy as np
import pytest

from tinyffn.studies.layers import random_layers, run
from tinyffn.studies.pieces import corners, pieces_along_line, switches

LINE = {"low": -5.0, "high": 5.0}


def test_one_layer_turns_where_each_border_is_crossed():
    w, b = np.array([[1.0, 2.0, -1.0, 0.0]]), np.array([-1.0, -6.0, -2.0, 1.0])
    net = [(w, b), (np.array([[1.0], [1.0], [1.0], [9.0]]), np.zeros(1))]
    np.testing.assert_allclose(corners(net, [0.0], [1.0], **LINE), [-2.0, 1.0, 3.0])
    assert pieces_along_line(net, [0.0], [1.0], **LINE) == 4
    assert pieces_along_line(net, [0.0], [1.0], low=-1.9, high=0.9) == 1


def test_a_switch_that_is_lost_further_on_is_no_corner():
    """relu(relu(x) - 2) switches at 0 and at 2, and turns at 2 only."""
    net = [
        (np.ones((1, 1)), np.zeros(1)),
        (np.ones((1, 1)), -2 * np.ones(1)),
        (np.ones((1, 1)), np.zeros(1)),
    ]
    np.testing.assert_allclose(switches(net, [0.0], [1.0], **LINE), [-5, 0, 2, 5])
    np.testing.assert_allclose(corners(net, [0.0], [1.0], **LINE), [2])


def test_two_switches_that_cancel_are_no_corner():
    """relu(x) - relu(-x) is x."""
    net = [(np.array([[1.0, -1.0]]), np.zeros(2)), (np.array([[1.0], [-1.0]]), np.zeros(1))]
    assert pieces_along_line(net, [0.0], [1.0], **LINE) == 1


def test_a_network_of_zeros_is_one_piece():
    net = [(np.zeros((2, 3)), np.zeros(3)), (np.zeros((3, 1)), np.zeros(1))]
    assert pieces_along_line(net, [0.0, 1.0], [1.0, 0.0]) == 1


@pytest.mark.parametrize("widths", [[2, 12, 1], [2, 8, 8, 3], [3, 6, 6, 6, 1]])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_between_corners_it_is_straight_and_at_each_it_turns(widths, seed):
    rng = np.random.default_rng(seed)
    net = random_layers(widths, rng=rng, bias_std=0.5)
    start, direction = rng.normal(size=(2, widths[0]))
    t = np.array([-5.0, *corners(net, start, direction, **LINE), 5.0])
    y = run(net, start + t[:, None] * direction)
    middle = run(net, start + ((t[:-1] + t[1:]) / 2)[:, None] * direction)
    np.testing.assert_allclose(middle, (y[:-1] + y[1:]) / 2, atol=1e-9 * np.abs(y).max())
    slopes = np.diff(y, axis=0) / np.diff(t)[:, None]
    assert np.abs(np.diff(slopes, axis=0)).max(axis=1).min() > 1e-6
    grid = np.linspace(-5, 5, 20_001)  # corners that a fine grid sees: one step turns or two do
    bends = np.abs(np.diff(run(net, start + grid[:, None] * direction), 2, axis=0)).max(axis=1)
    seen = grid[1:-1][bends > 1e-7]
    assert len(t) > 6 and all(np.abs(t[1:-1] - place).min() < 6e-4 for place in seen)


NET = [(np.ones((2, 3)), np.ones(3)), (np.ones((3, 1)), np.ones(1))]
MISTAKES = [
    (lambda: switches([], [0, 0], [1, 0]), "switches: layers is empty"),
    (lambda: switches(NET, [0], [1, 0]), "switches: start (1,) must be (2,), as the input"),
    (lambda: switches(NET, [0, 0], [[1, 0]]), "switches: direction (1, 2) must be (2,)"),
    (lambda: switches(NET, [0, 0], [0, 0]), "switches: direction is zero: the line does not move"),
    (lambda: corners(NET, [0, 0], [1, 0], low=1, high=1),
     "low is 1 and high is 1, but low must be below high"),
]  # fmt: skip


@pytest.mark.parametrize("mistake, message", MISTAKES, ids=[m[1] for m in MISTAKES])
def test_message(mistake, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        mistake()


def test_switches_that_only_rounding_parts_are_one():
    """0.1 + 0.2 is not 0.3, as floats; the two borders are one place all the same."""
    w, b = np.ones((1, 3)), -np.array([0.1 + 0.2, 0.3, 5.0 - 1e-13])
    net = [(w, b), (np.ones((3, 1)), np.zeros(1))]
    np.testing.assert_allclose(switches(net, [0.0], [1.0], **LINE), [-5, 0.3, 5])
    assert pieces_along_line(net, [0.0], [1.0], **LINE) == 2
