"""Keys that an edit moves: which dots are large, which line stands still, what wrong shapes say."""

import numpy as np
import pytest

from tinyffn import plot

KEYS = np.array([[1.0, 1.0], [2.0, 0.0], [1.0, -1.0], [-3.0, 0.0]])
KEY = np.array([2.0, 2.0])


def test_a_dot_is_as_large_and_bright_as_its_share():
    fig = plot.moved(KEYS, KEY, {"straight": KEY, "along x": [1.0, 0.0]})
    straight, along_x = (ax.collections[0] for ax in fig.axes[:2])
    np.testing.assert_allclose(straight.get_array(), [0.5, 0.5, 0.0, 0.75])
    np.testing.assert_allclose(along_x.get_array(), [0.5, 1.0, 0.5, 1.5])
    np.testing.assert_allclose(straight.get_sizes(), [45, 45, 10, 62.5])
    np.testing.assert_allclose(along_x.get_sizes(), [45, 80, 45, 80])  # no larger than whole
    assert [ax.get_title() for ax in fig.axes[:2]] == ["straight", "along x"]


def test_the_line_is_the_keys_that_do_not_move_and_the_star_the_key():
    a = np.array([3.0, 1.0])
    ax = plot.moved(KEYS, KEY, {"an edit": a}).axes[0]
    line, star = ax.get_lines()
    np.testing.assert_allclose(line.get_xydata() @ a, 0, atol=1e-12)
    np.testing.assert_allclose(star.get_xydata(), [KEY])
    assert max(np.abs(ax.get_xlim())) >= 3  # all keys are within


def test_wrong_shapes_say_so():
    with pytest.raises(ValueError, match=r"moved: keys \(2, 3\) and key \(2,\) must be"):
        plot.moved(np.zeros((2, 3)), KEY, {"a": KEY})
    with pytest.raises(ValueError, match="moved: the direction 'a' must be two numbers, a·key not"):
        plot.moved(KEYS, KEY, {"a": [1.0, -1.0]})
