"""Latent weights and their signs: where rings stand, which cells are bright, what is refused."""

import numpy as np
import pytest

from tinyffn import plot

PATH = np.array([[0.2, -0.3], [0.1, -0.1], [0.0, 0.1], [-0.1, 0.2]])


def _rings(ax):
    found = [line for line in ax.get_lines() if line.get_fillstyle() == "none"]
    return [(float(x), float(y)) for line in found for x, y in line.get_xydata()]


def test_each_weight_is_a_curve_with_a_ring_where_it_has_crossed_zero():
    above, _ = plot.latent(PATH).axes
    curves = {line.get_label(): line for line in above.get_lines() if line.get_label() in "12"}
    np.testing.assert_allclose(curves["2"].get_ydata(), PATH[:, 1])
    assert curves["1"].get_linestyle() != curves["2"].get_linestyle()
    assert _rings(above) == [(3.0, -0.1), (2.0, 0.1)]  # at 0 the sign is still +


def test_signs_are_cells_and_written_in_them():
    _, below = plot.latent(PATH).axes
    (cells,) = below.images
    assert cells.get_array().tolist() == [[1, 1, 1, 0], [0, 0, 1, 1]]
    written = {text.get_position(): text.get_text() for text in below.texts}
    assert written[2, 0] == "+" and written[3, 0] == "−" and written[0, 1] == "−"
    assert len(written) == 8


def test_of_many_steps_only_some_signs_are_written():
    _, below = plot.latent(np.ones((200, 1))).axes
    assert 20 <= len(below.texts) <= 26


@pytest.mark.parametrize("shape", [(4,), (0, 2), (4, 8)], ids=str)
def test_a_path_of_another_shape_says_so(shape):
    with pytest.raises(ValueError, match=r"latent: path \(.*\) must be \(n_steps, n\)"):
        plot.latent(np.zeros(shape))
