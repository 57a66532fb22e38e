"""Bytes as columns of bits: which cells are filled, what stands around, what bad input says."""

import numpy as np
import pytest
from matplotlib.colors import to_hex

from tinyffn import plot
from tinyffn.plot.palette import BLUE, VERMILLION


def _cells(fig):
    """{(byte, bit): colour} of all cells."""
    return {(p.get_x(), p.get_y()): to_hex(p.get_facecolor()).upper() for p in fig.axes[0].patches}


def test_a_cell_is_filled_where_its_bit_is_set_and_says_so():
    fig = plot.octets(bytes([0b101, 0b10000000]))
    filled = {place for place, color in _cells(fig).items() if color != "#FFFFFF"}
    assert filled == {(0, 0), (0, 2), (1, 7)}
    words = {t.get_position(): t.get_text() for t in fig.axes[0].texts}
    ones = {(int(x), int(y)) for (x, y), word in words.items() if word == "1"}
    assert ones == filled and len(words) == 16


def test_columns_have_names_and_rows_what_a_bit_is_worth():
    ax = plot.octets(np.array([10, 255], np.uint8)).axes[0]
    assert [t.get_text() for t in ax.get_xticklabels()] == ["10", "255"]
    assert [t.get_text() for t in ax.get_yticklabels()] == [str(2**k) for k in range(8)]
    named = plot.octets([1, 2], names=["w", "x"]).axes[0]
    assert [t.get_text() for t in named.get_xticklabels()] == ["w", "x"]


def test_parts_stand_above_their_bytes_in_colours_of_their_own():
    fig = plot.octets([255, 255, 255], parts={"scale": 1, "signs": 2})
    cells = _cells(fig)
    assert cells[0, 0] == BLUE and cells[1, 0] == cells[2, 0] == VERMILLION
    above = {t.get_text(): t.get_position()[0] for t in fig.axes[0].texts if len(t.get_text()) > 1}
    assert above == {"scale": 0.5, "signs": 2.0}


@pytest.mark.parametrize(
    ("data", "options", "says"),
    [
        ([], {}, "data must be one byte or more"),
        ([256], {}, "each from 0 to 255"),
        ([1, 2], {"parts": {"a": 3}}, "parts of 3 bytes"),
        ([1, 2], {"names": ["a"]}, "there are 2 bytes, but 1 names"),
    ],
)
def test_what_cannot_be_drawn_says_so(data, options, says):
    with pytest.raises(ValueError, match=r"^octets: ") as error:
        plot.octets(data, **options)
    assert says in str(error.value)
