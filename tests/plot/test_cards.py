"""Cards of neurons: every trigger framed in one column, every bar with its number, all in words."""

import numpy as np
import pytest

from tinyffn import plot
from tinyffn.plot.palette import BLACK

TWO = {
    "FFN 1, neuron 7": (
        [("at the end\n", "of", " all", 2.5), ("", " ", "x" * 50, 1.25), ("a" * 80, "to", "", -1)],
        {"day": 3.0, "\n": -0.5},
    ),
    "FFN 2, neuron 0": ([("b", "c", "d", 4.0)], {"e": 1.0}),
}


def _texts(ax):
    return {text.get_text(): text for text in ax.texts}


def test_triggers_are_framed_below_each_other_and_their_numbers_stand_behind():
    fig = plot.cards(TWO)
    left, right, second, _ = fig.axes
    framed = [text for text in left.texts if text.get_bbox_patch() is not None]
    assert [text.get_text() for text in framed] == ["of", "␣", "to"]
    assert [text.xy[1] for text in framed] == [0, 1, 2]
    assert len({text.xyann[0] for text in framed}) == 1  # one column
    for text in framed:  # also without colour
        assert text.get_weight() == "bold"
        assert text.get_bbox_patch().get_edgecolor()[:3] == (0, 0, 0) and BLACK == "#000000"
    assert {"at the end↵", "2.50", "1.25", "-1.00"} <= set(_texts(left))
    assert [patch.get_width() for patch in right.patches] == [3.0, -0.5]
    assert right.patches[1].get_hatch() and not right.patches[0].get_hatch()
    assert set(_texts(right)) == {"3.00", "-0.50"}
    assert [label.get_text() for label in right.get_yticklabels()] == ["day", "↵"]
    assert left.get_title(loc="left") == "FFN 1, neuron 7: triggers, m"
    assert second.get_ylim() == left.get_ylim()  # rows of all cards are as high


def test_long_texts_are_cut_so_that_nothing_overlaps():
    fig = plot.cards(TWO)
    words = list(_texts(fig.axes[0]))
    assert any(word.startswith("…a") and len(word) < 40 for word in words)
    assert any(word.startswith("x") and word.endswith("…") and len(word) < 20 for word in words)
    fig.draw_without_rendering()
    for ax in fig.axes[0::2]:
        drawn = [text.get_window_extent() for text in ax.texts if text.get_text()]
        for i, one in enumerate(drawn):
            assert not any(one.overlaps(other) for other in drawn[:i])


@pytest.mark.parametrize("width", [6.5, 10.0])
def test_one_wide_card_has_room_for_its_texts_and_takes_numpy_s_numbers(width):
    triggers = [("q" * 90, "u", "e as it was", np.float32(5.04))] * 3
    fig = plot.cards({"FFN 4, neuron 0": (triggers, {"e": np.float32(5.87)})}, width=width)
    fig.draw_without_rendering()
    drawn = [text.get_window_extent() for text in fig.axes[0].texts if text.get_text()]
    for i, one in enumerate(drawn):
        assert not any(one.overlaps(other) for other in drawn[:i])


def test_an_empty_place_of_the_grid_stays_empty():
    three = {str(k): TWO["FFN 2, neuron 0"] for k in range(3)}
    assert len(plot.cards(three).axes) == 6
    assert len(plot.cards(three, columns=5).axes) == 6


def test_the_same_in_words():
    assert plot.cards_in_words(TWO) == (
        "FFN 1, neuron 7: triggered by at the end↵[of], [␣], "
        f"…{'a' * 23}[to]; its value says day, ↵ below 0. "
        "FFN 2, neuron 0: triggered by b[c]; its value says e."
    )


@pytest.mark.parametrize("draw", [plot.cards, plot.cards_in_words])
@pytest.mark.parametrize(
    "neurons, message",
    [
        ({}, r"cards: there are no neurons: give \{title: \(triggers, values\)\}"),
        ({"a": ([], {"x": 1.0})}, "cards: 'a' has no triggers, or no values: give one or more"),
        ({"a": ([("b", "c", "", 1.0)], {})}, "cards: 'a' has no triggers, or no values"),
        ({"a": ([("b", "c", 1.0)], {"x": 1.0})}, r"a trigger of 'a' is not \(before, token, after"),
        ({"a": ([("", "c", "", 1.0)], {"x": float("nan")})}, "'a' has a number that is not finite"),
    ],
)
def test_what_cannot_be_drawn_is_named(draw, neurons, message):
    with pytest.raises(ValueError, match=message):
        draw(neurons)
