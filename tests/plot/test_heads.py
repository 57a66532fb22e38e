"""Maps of who reads whom: zeros are white, leaks are marked, tokens stand at the axes."""

import numpy as np
import pytest

from tinyffn import plot


def test_zeros_are_white_and_leaks_have_crosses():
    leak = np.zeros((3, 3), bool)
    leak[0, 2] = True
    square = np.tri(3) + leak
    fig = plot.position_maps({"a": square, "b": np.tri(3)}, leaks={"a": leak}, scale="weight")
    a, b = fig.axes[:2]
    shown = np.ma.filled(a.images[0].get_array(), np.nan)
    assert np.array_equal(np.isnan(shown), square == 0)
    assert a.get_lines()[0].get_xydata().tolist() == [[2, 0]]  # column 2, row 0
    assert b.get_lines()[0].get_xydata().size == 0
    assert a.images[0].get_clim() == b.images[0].get_clim() == (0, 1)
    assert len(fig.axes) == 3


def test_tokens_stand_at_both_axes():
    ax = plot.position_maps({"": np.eye(3)}, tokens=list("abc")).axes[0]
    for labels in (ax.get_xticklabels(), ax.get_yticklabels()):
        assert [label.get_text() for label in labels] == ["a", "b", "c"]


@pytest.mark.parametrize("maps", [{}, {"a": np.ones((2, 3))}, {"a": -np.eye(2)}])
def test_wrong_maps_say_so(maps):
    with pytest.raises(ValueError, match=r"position_maps: maps must hold arrays \(T, T\)"):
        plot.position_maps(maps)


def test_wrong_tokens_say_so():
    with pytest.raises(ValueError, match="position_maps: 2 tokens do not fit 3 positions"):
        plot.position_maps({"a": np.eye(3)}, tokens=["a", "b"])
