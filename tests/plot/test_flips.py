"""Gates that flip when a vector turns: which inputs are crosses, where the lines and tints lie."""

import numpy as np
import pytest

from tinyffn import plot

INPUTS = np.array([[1.0, 0.5], [-1.0, 0.2], [0.1, -2.0], [-0.1, 2.0], [-3.0, -3.0]])


def test_inputs_between_the_two_lines_are_crosses():
    ax = plot.flips({"45°": (np.array([2.0, 2.0]), INPUTS)}).axes[0]
    same, flipped = ax.get_lines()[:2]
    assert (same.get_label(), flipped.get_label()) == ("same side", "flipped")
    np.testing.assert_array_equal(np.sort(flipped.get_xdata()), [-0.1, 0.1])
    assert len(same.get_xdata()) == 3


def test_lines_lie_across_the_vectors_and_the_wedges_between_them():
    vector = np.array([3.0, 1.0])
    ax = plot.flips({"a": (vector, INPUTS)}, names=("w", "signs")).axes[0]
    across_w, across_vector = (line.get_xydata() for line in ax.get_lines()[2:])
    np.testing.assert_allclose(across_w @ [1.0, 0.0], 0, atol=1e-12)
    np.testing.assert_allclose(across_vector @ vector, 0, atol=1e-12)
    for wedge in ax.patches[:2]:
        inside = wedge.get_xy()[1:3].mean(axis=0)  # between the two far corners
        assert (inside[0] > 0) != (inside @ vector > 0)
    assert {"w", "signs"} <= {text.get_text() for text in ax.texts}


@pytest.mark.parametrize(
    ("vector", "inputs"),
    [([0.0, 0.0], INPUTS), ([1.0, 0.0, 0.0], INPUTS), ([1.0, 0.0], INPUTS[0])],
    ids=["no direction", "three numbers", "one input without an axis"],
)
def test_wrong_shapes_say_so(vector, inputs):
    with pytest.raises(ValueError, match=r"flips: 'a' has a vector .* must have two numbers"):
        plot.flips({"a": (vector, inputs)})


def test_nothing_to_draw_says_so():
    with pytest.raises(ValueError, match="flips: turned is empty"):
        plot.flips({})
