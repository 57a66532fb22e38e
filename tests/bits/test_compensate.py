"""Error compensation against its slow twin, and what it is for."""

from functools import partial

import numpy as np
import pytest

from tinyffn.bits.compensate import compensated, nearest_in_row, upper_of_inverse
from tinyffn.bits.schemes import binary, centred_binary
from tinyffn.bits.second_moment import output_error
from tinyffn.bits.ternary import ternary
from tinyffn.bits.uniform import absmax, asymmetric, clipped_absmax


def layer(seed, d_in=24, d_out=5, n=200):
    """A weight, and the second moment of inputs that are correlated and differ in size."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, d_in)) @ rng.normal(size=(d_in, d_in)) * rng.uniform(0.2, 2, d_in)
    return rng.normal(size=(d_in, d_out)), x.T @ x / n


QUANTIZERS = {
    "binary": binary,
    "binary in groups": partial(binary, per=7),
    "one scale": partial(binary, per="tensor"),
    "centred binary": centred_binary,
    "ternary": ternary,
    "ternary, best scale": partial(ternary, threshold=0.7, scale="least squares", per=8),
    "2 bits": partial(absmax, bits=2, per=5),
    "3 bits": partial(absmax, bits=3),
    "2 bits, clipped": partial(clipped_absmax, bits=2, per=10),
    "8 bits": partial(absmax, bits=8),
    "1 bit, with an offset": partial(asymmetric, bits=1),
    "2 bits, with an offset": partial(asymmetric, bits=2, per=9),
    "7 bits, with an offset": partial(asymmetric, bits=7),
}


def twin(w, h, quantizer, damping, by_size):
    """The same by the book: after each row the inverse of what is left, made anew."""
    h = h + damping * np.mean(np.diag(h)) * np.eye(len(h))
    start, w = quantizer(w), w.copy()
    left = sorted(range(len(w)), key=lambda i: (-h[i, i], i)) if by_size else list(range(len(w)))
    codes = np.empty(w.shape, np.int8)
    while left:
        i, inverse = left[0], np.linalg.inv(h[np.ix_(left, left)])
        codes[i], value = nearest_in_row(start, i, w[i])
        w[left] -= np.outer(inverse[:, 0] / inverse[0, 0], w[i] - value)
        assert np.allclose(w[i], value, atol=1e-12)  # the update takes the row where it is rounded
        left = left[1:]
    return codes, w


@pytest.mark.parametrize("by_size", [True, False])
@pytest.mark.parametrize("name", QUANTIZERS)
def test_it_equals_the_update_with_an_inverse_for_each_row(name, by_size):
    w, h = layer(1)
    found = compensated(w, h, QUANTIZERS[name], damping=0.02, by_size=by_size)
    codes, values = twin(w, h, QUANTIZERS[name], 0.02, by_size)
    assert np.array_equal(found.codes, codes)
    assert np.allclose(found.values(), values, rtol=0, atol=1e-10)


def test_the_upper_factor_holds_every_smaller_inverse():
    _, h = layer(2)
    h += 0.1 * np.eye(len(h))
    u = upper_of_inverse(h)
    assert np.allclose(u, np.triu(u))
    assert np.allclose(u.T @ u @ h, np.eye(len(h)), atol=1e-10)
    for i in (0, 3, len(h) - 1):
        assert np.allclose(u[i, i] * u[i, i:], np.linalg.inv(h[i:, i:])[0], atol=1e-10)


@pytest.mark.parametrize("name", QUANTIZERS)
def test_it_loses_less_of_the_output_than_rounding_each_for_itself(name):
    """On average: row by row is no search for the best codes, and one layer may be unlucky."""
    lost = {"plain": 0.0, "compensated": 0.0}
    for seed in range(5):
        w, h = layer(seed, 64, 16, 1000)
        lost["plain"] += output_error(w, QUANTIZERS[name](w).values(), h)
        lost["compensated"] += output_error(w, compensated(w, h, QUANTIZERS[name]).values(), h)
    assert lost["compensated"] < 0.8 * lost["plain"]


def test_inputs_without_correlation_leave_the_nearest_codes():
    w, _ = layer(4)
    h = np.diag(np.random.default_rng(0).uniform(1, 9, len(w)))
    for quantizer in (binary, partial(absmax, bits=3, per=6), partial(asymmetric, bits=2)):
        assert np.array_equal(compensated(w, h, quantizer).codes, quantizer(w).codes)


def test_a_second_row_undoes_what_the_first_lost():
    """Two inputs that are always alike: only the sum of their weights matters."""
    w = np.array([[0.3, 2.0], [0.3, 2.0]])
    one_scale = partial(binary, per="tensor")
    found = compensated(w, np.ones((2, 2)), one_scale, damping=1e-9)
    assert found.codes[:, 0].tolist() == [1, -1]  # 0.3 + 0.3 is nearer to 0 than to 2.3


def test_a_group_of_zeros_stays_zero():
    w, h = layer(7)
    w[4:8, 2] = 0
    found = compensated(w, h, partial(absmax, bits=3, per=4))
    assert not found.codes[4:8, 2].any() and found.codes[4:8, 1].any()
    assert not compensated(w, h, partial(binary, per=4)).values()[4:8, 2].any()


def test_zero_is_rounded_up_to_plus_one():
    w = np.array([[0.0, -0.0], [1.0, -1.0]])
    assert compensated(w, np.eye(2), binary).codes.tolist() == [[1, 1], [1, -1]]


def test_in_one_row_half_way_is_the_even_code_and_without_a_scale_zero():
    quantized = absmax(np.array([[3.0, 0.0], [1.0, 0.0]]), bits=3)
    with np.errstate(all="raise"):
        codes, values = nearest_in_row(quantized, 1, np.array([0.5, 7.0]))
        assert (codes.tolist(), values.tolist()) == ([0, 0], [0, 0])
        assert nearest_in_row(quantized, 0, np.array([1.5, -1.0]))[0].tolist() == [2, 0]
        assert nearest_in_row(quantized, 0, np.array([99.0, 0]))[0].tolist() == [3, 0]
        signs_of_zeros = binary(np.zeros((2, 1)))
        assert nearest_in_row(signs_of_zeros, 0, np.array([-2.0]))[0].tolist() == [1]


def test_without_settings_a_hundredth_is_added_and_large_inputs_come_first():
    w, h = layer(8)
    found = compensated(w, h, binary)
    assert np.array_equal(found.codes, twin(w, h, binary, 0.01, True)[0])
    for other in ({"damping": 0.5}, {"by_size": False}):
        assert not np.array_equal(found.codes, compensated(w, h, binary, **other).codes)


def test_of_inputs_of_one_size_the_first_comes_first():
    _, h = layer(9, 64)
    sizes = np.sqrt(np.diag(h))
    h /= np.outer(sizes, sizes)
    np.fill_diagonal(h, np.where(np.arange(64) % 3, 1.0, 2.0))
    w = np.random.default_rng(9).normal(size=(64, 5))
    found = compensated(w, h, binary, damping=0.02)
    assert np.array_equal(found.codes, twin(w, h, binary, 0.02, True)[0])


def test_an_input_that_is_always_zero_needs_damping():
    w, h = layer(5)
    h[3], h[:, 3] = 0, 0
    assert np.isfinite(compensated(w, h, binary).values()).all()
    with pytest.raises(ValueError, match=r"second_moment has no inverse.*Raise damping"):
        compensated(w, h, binary, damping=0)


def test_float32_stays_float32_and_the_weight_as_it_was():
    w, h = layer(6)
    w = w.astype(np.float32)
    before = w.copy()
    assert compensated(w, h, binary).values().dtype == np.float32
    assert np.array_equal(w, before)


@pytest.mark.parametrize(
    "h, options, error, message",
    [
        (np.eye(3), {}, ValueError, r"compensated: second_moment \(3, 3\) must be \(2, 2\)"),
        (np.full((2, 2), np.nan), {}, ValueError, "second_moment is not finite"),
        (np.array([[1.0, 1.0], [0.0, 1.0]]), {}, ValueError, "second_moment is not symmetric"),
        (np.zeros((2, 2)), {}, ValueError, "the diagonal of second_moment runs from 0 to 0"),
        (-np.eye(2), {}, ValueError, "the diagonal of second_moment runs from -1 to -1"),
        (np.eye(2), {"damping": -1}, ValueError, "compensated: damping is -1"),
        (np.eye(2), {"quantizer": 3}, TypeError, "compensated: quantizer is 3"),
        (np.eye(2), {"quantizer": np.abs}, TypeError, "compensated: quantizer gave a ndarray"),
        (np.eye(2), {"w": np.ones(2)}, ValueError, r"compensated: w is float64 \(2,\)"),
        (np.eye(2), {"w": np.ones((2, 2), int)}, ValueError, "compensated: w is int64"),
        (np.eye(2), {"w": np.full((2, 2), np.nan)}, ValueError, "compensated: some weights are"),
    ],
)
def test_bad_input_is_named(h, options, error, message):
    with pytest.raises(error, match=message):
        compensated(**{"w": np.ones((2, 2)), "second_moment": h, "quantizer": binary} | options)
