"""Numbers and the levels they go to: which bar has which filling, which words stand where."""

import numpy as np
import pytest

from tinyffn import plot

NUMBERS = np.array([-3.0, -0.5, -0.1, 0.2, 0.4, 2.0])


def _words(ax):
    return [text.get_text() for text in ax.texts]


def test_each_number_is_counted_once_under_its_level():
    nearest = np.array([-2.0, 0.0, 0.0, 0.0, 0.0, 2.0])
    (ax,) = plot.levels({"three": (NUMBERS, nearest)}, x="weight").axes
    of_levels = np.array([c.datavalues for c in ax.containers])
    np.testing.assert_array_equal(of_levels.sum(axis=1), [1, 4, 1])
    looks = [(c.patches[0].get_facecolor(), c.patches[0].get_hatch()) for c in ax.containers]
    assert len(set(looks)) == 3 and len({hatch for _, hatch in looks}) == 3
    np.testing.assert_array_equal([line.get_xdata()[0] for line in ax.get_lines()], [-2, 0, 2])
    assert _words(ax) == ["-2.00\n17 %", "0.00\n67 %", "2.00\n17 %"]
    assert ax.get_title() == "three"


@pytest.mark.parametrize("scale", [0.4, 1.224, 2.8, 30.0])
def test_no_bar_is_filled_twice(scale):
    numbers = np.linspace(-3.9, 3.9, 10_001)
    nearest = scale * np.clip(np.rint(numbers / scale), -1, 1)
    (ax,) = plot.levels({"three": (numbers, nearest)}, x="weight", reach=4).axes
    filled = np.array([c.datavalues for c in ax.containers]) > 0
    assert filled.sum() > 20 and np.all(filled.sum(axis=0) <= 1)


def test_a_cut_next_to_zero_makes_no_thousands_of_bars():
    (ax,) = plot.levels({"a": (NUMBERS, np.where(NUMBERS > 0, 1 + 1e-9, -1.0))}, x="weight").axes
    assert len(ax.containers[0].datavalues) < 70


def test_zero_is_never_written_with_a_sign():
    (ax,) = plot.levels({"a": (NUMBERS, np.where(NUMBERS > 1, 2.0, -0.0))}, x="weight").axes
    assert _words(ax)[0].startswith("0.00")


def test_plus_minus_and_zero_look_alike_in_all_panels():
    levels = {"signs": np.where(NUMBERS > 0, 1.0, -1.0), "three": np.sign(np.rint(NUMBERS))}
    looks = []
    for ax in plot.levels({name: (NUMBERS, to) for name, to in levels.items()}, x="weight").axes:
        bars = [container.patches[0] for container in ax.containers]
        looks.append([(bar.get_facecolor(), bar.get_hatch()) for bar in bars])
    signs, three = looks
    assert signs == [three[0], three[2]] and three[1] not in signs


def test_words_of_close_levels_stand_outwards():
    sides = {}
    for gap in (0.5, 5.0):
        pair = NUMBERS, np.where(NUMBERS > 0, gap, -gap)
        (ax,) = plot.levels({"signs": pair}, x="weight", reach=6).axes
        sides[gap] = [text.get_ha() for text in ax.texts]
    assert sides == {0.5: ["right", "left"], 5.0: ["center", "center"]}


def test_many_levels_have_lines_but_no_words_and_reach_cuts():
    many = {"many": (NUMBERS, NUMBERS), "few": (NUMBERS, np.sign(NUMBERS))}
    first, second = plot.levels(many, x="weight", reach=2.5).axes
    assert _words(first) == [] and len(first.get_lines()) == 5  # -3 lies beyond 2.5
    assert len(_words(second)) == 2
    assert first.get_xlim() == second.get_xlim()


@pytest.mark.parametrize(
    "rounded",
    [{}, {"a": (NUMBERS, NUMBERS[:2])}, {"a": (NUMBERS[:0], NUMBERS[:0])}],
    ids=["nothing", "two shapes", "no numbers"],
)
def test_what_cannot_be_drawn_says_so(rounded):
    with pytest.raises(ValueError, match=r"levels: rounded must hold \{title: \(numbers"):
        plot.levels(rounded, x="weight")
