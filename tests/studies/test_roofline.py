"""The roof and its two measurements: counts by hand, and numbers that a machine can have."""

import numpy as np
import pytest

from tinyffn.studies import roofline


def test_operations_and_bytes_of_a_small_product():
    assert roofline.operations(3, 5) == 2 * 15 and roofline.operations(3, 5, 4) == 8 * 15
    # 32 bits a weight: 60 bytes for 30 operations; one bit: 15/8 bytes for as many
    assert roofline.intensity(32) == 30 / 60
    assert roofline.intensity(1) == 30 / (15 / 8)
    assert roofline.intensity(1.125, 8) == pytest.approx(8 * 16 / 1.125)


def test_the_roof_is_the_lower_of_the_two():
    of = roofline.roof([0.5, 2.0, 100.0], peak=20.0, bandwidth=8.0)
    np.testing.assert_array_equal(of, [4.0, 16.0, 20.0])


def test_peak_and_bandwidth_are_counts_over_the_quickest_time(monkeypatch):
    called = []

    def quickest(programs, *, calls):
        ((name, program),) = programs.items()
        program()
        called.append(calls)
        return {name: [4.0, 2.0]}

    monkeypatch.setattr(roofline, "in_turn", quickest)
    assert roofline.measured_peak(size=8, calls=2) == 2 * 8**3 / 2
    assert roofline.measured_bandwidth(n_bytes=2**10, calls=3) == 2**10 / 2
    assert called == [2, 3]


def test_they_measure():
    assert roofline.measured_peak(size=64, calls=1) > 0
    assert roofline.measured_bandwidth(n_bytes=2**20, calls=1) > 0


def test_what_cannot_be_counted_says_so():
    with pytest.raises(ValueError, match=r"^operations: d_out"):
        roofline.operations(3, 0)
    with pytest.raises(ValueError, match=r"^intensity: n_tokens"):
        roofline.intensity(1, 0)
    with pytest.raises(ValueError, match=r"^intensity: bits_per_weight is 0"):
        roofline.intensity(0)
