"""The landscape: heights in metres, blocks averaged, and a clear word where the file is missing."""

import re

import numpy as np
import pytest
from matplotlib import cbook

from tinyffn import data


def test_heights_in_metres_as_float32():
    heights = data.landscape()
    assert heights.shape == (64, 64) and heights.dtype == np.float32
    assert 200 < heights.min() < 400 < 900 < heights.max() < 1100


def test_the_square_is_the_middle_of_the_file():
    with cbook.get_sample_data("jacksboro_fault_dem.npz") as file:
        heights = file["elevation"]
    np.testing.assert_array_equal(data.landscape(320), heights[12:332, 41:361])


def test_each_number_is_the_mean_of_its_block():
    fine, coarse = data.landscape(320), data.landscape(32)
    np.testing.assert_allclose(coarse[3, 5], fine[30:40, 50:60].mean(), rtol=1e-5)
    assert coarse.mean() == pytest.approx(fine.mean(), rel=1e-5)


def test_a_matplotlib_without_sample_data_says_what_to_do(monkeypatch):
    def stripped(name, asfileobj):
        return f"no such folder/{name}"

    monkeypatch.setattr(cbook, "get_sample_data", stripped)
    with pytest.raises(RuntimeError, match=r"landscape: .* without its sample data .*: install it"):
        data.landscape()


@pytest.mark.parametrize(
    ("size", "says"),
    [(0, "landscape: size is 0, but must be a whole number"),
     (100, "landscape: size is 100, but must divide 320: 64 or 80, say")],
)  # fmt: skip
def test_wrong_sizes_are_named(size, says):
    with pytest.raises(ValueError, match=re.escape(says)):
        data.landscape(size)
