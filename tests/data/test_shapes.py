"""Shapes in the plane: without noise each lies exactly where its sentence says."""

import re

import numpy as np
import pytest

from tinyffn import data

SHAPES = {f.__name__: f for f in (data.xor_clouds, data.moons, data.rings, data.spirals)}


def draw(name, n=999, seed=0, **settings):
    return SHAPES[name](n, rng=np.random.default_rng(seed), **settings)


@pytest.mark.parametrize("name", SHAPES)
def test_shapes_types_balance_and_place(name):
    points, labels = draw(name)
    assert points.shape == (999, 2) and points.dtype == np.float32
    assert labels.shape == (999,) and labels.dtype == np.int64
    assert list(np.bincount(labels)) == [500, 499]
    assert 0.5 < np.abs(points).max() < 1.25
    assert np.abs(points.mean(axis=0)).max() < 0.05
    assert 0 < np.abs(np.diff(labels)).mean() < 0.6, "the order is random"


@pytest.mark.parametrize("name", SHAPES)
def test_one_seed_gives_the_same_points_and_another_gives_others(name):
    assert np.array_equal(draw(name)[0], draw(name)[0])
    assert not np.array_equal(draw(name)[0], draw(name, seed=1)[0])


@pytest.mark.parametrize("name", SHAPES)
def test_noise_has_its_standard_deviation(name):
    """The noise is drawn last: without it, the same seed gives the same shape."""
    moved = draw(name, n=4000, noise=0.1)[0] - draw(name, n=4000, noise=0)[0]
    assert moved.std(axis=0) == pytest.approx([0.1, 0.1], rel=0.05)


def test_xor_is_one_where_the_signs_differ():
    points, labels = draw("xor_clouds", noise=0)
    assert np.allclose(np.abs(points), 0.5)
    assert np.array_equal(labels, points[:, 0] * points[:, 1] < 0)
    assert len(np.unique(points, axis=0)) == 4


def test_moons_are_half_circles_that_reach_into_each_other():
    points, labels = draw("moons", noise=0)
    for label, side in ((0, 1), (1, -1)):
        moon = points[labels == label] - side * np.array([-0.3, -0.15])
        assert np.allclose(np.hypot(*moon.T), 0.6, atol=1e-6)
        assert (side * moon[:, 1]).min() > -1e-6
    tip = points[labels == 0][:, 1].min()
    assert tip < points[labels == 1][:, 1].max() and tip < 0


def test_rings_have_their_radii():
    points, labels = draw("rings", noise=0)
    assert np.allclose(np.hypot(*points.T), np.where(labels, 0.8, 0.4))


@pytest.mark.parametrize("turns", [0.5, 2])
def test_the_arms_of_a_spiral_lie_opposite_and_wind_as_told(turns):
    points, labels = draw("spirals", noise=0, turns=turns)
    radius = np.hypot(*points.T)
    angle = 2 * np.pi * turns * radius
    sides = np.where(labels, -1, 1)
    assert np.allclose(points[:, 0], sides * radius * np.cos(angle), atol=1e-5)
    assert np.allclose(points[:, 1], sides * radius * np.sin(angle), atol=1e-5)


@pytest.mark.parametrize("name", SHAPES)
def test_errors(name):
    rng = np.random.default_rng(0)
    for arguments, settings, error, message in [
        ((0,), {"rng": rng}, ValueError, f"{name}: n is 0, but must be a whole number above 0"),
        ((3,), {"rng": 3}, TypeError, f"{name}: rng is 3, but must be a generator"),
        ((3,), {"rng": rng, "noise": -1}, ValueError, f"{name}: noise is -1, but must be"),
    ]:
        with pytest.raises(error, match=re.escape(message)):
            SHAPES[name](*arguments, **settings)


def test_a_spiral_must_turn():
    with pytest.raises(ValueError, match="spirals: turns is 0, but must be a number above 0"):
        draw("spirals", turns=0)
