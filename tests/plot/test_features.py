"""Vectors of features are drawn where they end; those that are missing look otherwise."""

import numpy as np
import pytest

from tinyffn import plot


def test_vectors_above_and_their_products_below():
    angle = 2 * np.pi * np.arange(5) / 5
    pentagon = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    pair = np.zeros((5, 2))
    pair[1, 0] = pair[3, 1] = 1
    fig = plot.features({"dense": pair, "sparse": pentagon})
    above = fig.axes[:2]
    assert [ax.get_title() for ax in above] == ["dense", "sparse"]
    assert [text.get_text() for text in above[0].texts] == ["2", "4"]  # the others are not there
    ends = [line.get_xydata()[-1] for line in above[1].get_lines() if len(line.get_xdata()) == 2]
    np.testing.assert_allclose(ends, pentagon)
    np.testing.assert_allclose(fig.axes[3].images[0].get_array(), pentagon @ pentagon.T)
    for ax in fig.axes[2:4]:  # one scale for all, with 0 in its middle
        np.testing.assert_allclose(ax.images[0].get_clim(), (-1, 1))


def test_a_missing_feature_is_dotted_and_one_w_has_its_panels_side_by_side():
    fig = plot.features({"one of two": np.array([[1.0, 0.0], [0.0, 0.1]])})
    drawn = [line for line in fig.axes[0].get_lines() if len(line.get_xdata()) == 2]
    assert [line.get_linestyle() for line in drawn] == ["-", ":"]
    vectors, products = (ax.get_subplotspec() for ax in fig.axes[:2])
    assert vectors.rowspan == products.rowspan and vectors.colspan != products.colspan


@pytest.mark.parametrize("vectors", [{}, {"a": np.ones(5)}, {"a": np.ones((5, 3))}])
def test_wrong_shapes_say_so(vectors):
    with pytest.raises(ValueError, match="features: vectors must hold"):
        plot.features(vectors)
