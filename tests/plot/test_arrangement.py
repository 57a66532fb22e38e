"""Regions between lines: each is numbered once, and coloured by how many ReLUs are on."""

import numpy as np
import pytest

from tinyffn import plot
from tinyffn.studies.regions import regions_hit


def _numbers(fig):
    ax = fig.axes[0]
    return {int(text.get_text()): text.get_position() for text in ax.texts}


def test_every_region_in_the_square_has_one_number():
    rng = np.random.default_rng(3)
    w, b = rng.normal(size=(2, 5)), 0.3 * rng.normal(size=5)
    fig = plot.regions(w, b, half=2.0, title="five lines")
    numbers = _numbers(fig)
    places = np.array(list(numbers.values()))
    assert sorted(numbers) == list(range(1, len(numbers) + 1))
    assert regions_hit(w, b, places) == len(numbers)  # no two in one region
    assert np.abs(places).max() < 2
    assert len(fig.axes[0].get_lines()) == 5


def test_colours_count_the_relus_that_are_on_and_numbers_run_down():
    w, b = np.array([[0.0, 0.0, 0.0], [1.0, 1.0, 0.0]]), np.array([0.0, 0.5, 1.0])
    fig = plot.regions(w, b, center=(5.0, 0.0))
    picture = fig.axes[0].images[0].get_array()
    assert picture[0, 0] == 3 and picture[-1, 0] == 1  # the ReLU without a line is always on
    assert len(fig.axes[0].get_lines()) == 2
    heights = [y for _, (_, y) in sorted(_numbers(fig).items())]
    assert heights == sorted(heights, reverse=True) and len(heights) == 3
    assert fig.axes[0].get_xlim() == (4, 6)


def test_regions_can_be_named_by_who_is_on_in_them():
    x = np.array([[1.0, 0.0, 1.0], [0.0, 1.0, 1.0]])
    fig = plot.regions(
        x, np.zeros(3), name=lambda on: "".join("+" if o else "-" for o in on), scale="points"
    )
    named = {text.get_text(): text.get_position() for text in fig.axes[0].texts}
    assert len(named) == 6 and "++-" not in named and "--+" not in named
    for name, place in named.items():
        assert [sign == "+" for sign in name] == (np.array(place) @ x > 0).tolist()
    assert fig.axes[1].get_ylabel() == "points"
    line = np.array([[1.0], [0.0]]), np.array([-0.5])
    fig = plot.regions(*line, name=lambda on: str(on[0]), center=(1.0, 0.0))
    sides = {text.get_text(): text.get_position()[0] > 0.5 for text in fig.axes[0].texts}
    assert sides == {"True": True, "False": False}


def test_wrong_shapes_say_so():
    with pytest.raises(ValueError, match=r"regions: w \(3, 2\) and b \(2,\) must be \(2, n\)"):
        plot.regions(np.ones((3, 2)), np.ones(2))
    with pytest.raises(ValueError, match="regions: w or b holds a number that is not finite"):
        plot.regions(np.full((2, 2), np.nan), np.ones(2))
