"""To the nearest whole number, or to a neighbour by lot."""

import numpy as np
import pytest

from tinyffn.bits.rounding import must_be_noise, rounded

NUMBERS = np.array([-2.5, -1.5, -0.5, -0.2, 0.0, 0.5, 1.5, 2.5, 2.6])


def test_without_noise_it_is_the_nearest_and_half_way_the_even_one():
    found = rounded("me", NUMBERS, low=-128, high=127)
    assert np.array_equal(found, [-2, -2, 0, 0, 0, 0, 2, 2, 3])
    assert found.dtype == np.int8


def test_both_ends_are_kept_and_nothing_beyond():
    found = rounded("me", np.array([-9.0, -2.0, 2.0, 300.0]), low=-2, high=2)
    assert np.array_equal(found, [-2, -2, 2, 2])
    noise = np.full(4, 0.99)
    assert np.array_equal(rounded("me", np.array([-9, -2, 2, 3.5]), low=-2, high=2, noise=noise),
                          [-2, -2, 2, 2])  # fmt: skip


def test_with_noise_it_goes_up_as_often_as_the_fraction_says():
    lots = (np.arange(1000) + 0.5) / 1000
    drawn = [rounded("me", NUMBERS, low=-9, high=9, noise=np.full(9, u)) for u in lots]
    assert np.allclose(np.mean(drawn, axis=0), NUMBERS, atol=1e-9)
    assert np.array_equal(np.min(drawn, axis=0), np.floor(NUMBERS))
    assert np.array_equal(np.max(drawn, axis=0), np.ceil(NUMBERS))
    assert drawn[0].dtype == np.int8


def test_noise_may_be_a_list_and_may_be_empty():
    assert np.array_equal(rounded("me", np.array([0.4, 0.4]), low=0, high=1, noise=[0.5, 0.7]),
                          [0, 1])  # fmt: skip
    must_be_noise("me", np.empty((0, 3)), (0, 3))
    must_be_noise("me", [0.0, np.nextafter(1, 0)], (2,))


@pytest.mark.parametrize(
    "noise, message",
    [
        (np.zeros((3, 2)), r"me: noise \(3, 2\) must have the shape of the weights, \(2, 3\)"),
        (0.5, r"me: noise \(\) must have"),
        (np.full((2, 3), 1.0), r"me: noise runs from 1.0 to 1.0, but must be in \[0, 1\), as rng"),
        (np.full((2, 3), -0.25), "me: noise runs from -0.25 to -0.25"),
        (np.full((2, 3), np.nan), "me: noise runs from nan to nan"),
    ],
)
def test_other_noise_is_named(noise, message):
    with pytest.raises(ValueError, match=message):
        rounded("me", np.zeros((2, 3)), low=0, high=1, noise=noise)
