"""Each law of the error, against a million weights and the quantizer itself."""

import math

import numpy as np
import pytest

from tinyffn.bits.distributions import GAUSSIAN, LAPLACE, UNIFORM, student_t
from tinyffn.bits.laws import absmax_law, clip_law, sign_error, sign_law, ternary_law
from tinyffn.bits.quantized import Quantized
from tinyffn.bits.schemes import binary
from tinyffn.bits.ternary import ternary
from tinyffn.bits.uniform import absmax

SHAPE = (1024, 1000)


def draw_t_4(rng):
    """Student's t with 4 degrees, one weight from each millionth: its tails are too heavy for luck.

    Its quantile function is one of the few in closed form.
    """
    n = math.prod(SHAPE)
    u = rng.permutation((np.arange(n) + rng.random(n)) / n).reshape(SHAPE)
    a = np.sqrt(4 * u * (1 - u))
    return np.where(u < 0.5, -2, 2) * np.sqrt(np.cos(np.arccos(a) / 3) / a - 1)


DRAWS = {
    GAUSSIAN: lambda rng: rng.normal(size=SHAPE),
    UNIFORM: lambda rng: rng.uniform(-1, 1, SHAPE),
    LAPLACE: lambda rng: rng.laplace(size=SHAPE),
    student_t(4): draw_t_4,
}
all_distributions = pytest.mark.parametrize(
    "weights", list(DRAWS), ids=[weights.name for weights in DRAWS]
)


@pytest.fixture(scope="module")
def million():
    rng = np.random.default_rng(0)
    return {weights: draw(rng) for weights, draw in DRAWS.items()}


def error_of(w, quantized):
    return ((w - quantized.values()) ** 2).sum() / (w**2).sum()


@all_distributions
@pytest.mark.parametrize("group", [2, 8, 32, 128])
def test_signs_in_groups(million, weights, group):
    w = million[weights]
    assert np.isclose(error_of(w, binary(w, per=group)), sign_law(weights, group=group), rtol=0.01)


@all_distributions
def test_signs_with_one_scale(million, weights):
    w = million[weights]
    assert np.isclose(sign_error(w), error_of(w, binary(w, per="tensor")), rtol=1e-9)
    assert np.isclose(sign_error(w), sign_law(weights), rtol=0.01)


@all_distributions
@pytest.mark.parametrize("threshold", [0, 0.5, 0.7, 1.0])
@pytest.mark.parametrize("scale", ["absmean", "least squares"])
def test_ternary(million, weights, threshold, scale):
    w, setting = million[weights], {"threshold": threshold, "scale": scale}
    found = error_of(w, ternary(w, per="tensor", **setting))
    assert np.isclose(found, ternary_law(weights, **setting), rtol=0.01)


@all_distributions
@pytest.mark.parametrize("bits", [2, 3, 4, 8])
def test_absmax_in_groups(million, weights, bits):
    w = million[weights]
    for group in (16, 128):
        found = error_of(w, absmax(w, bits, per=group))
        assert np.isclose(found, absmax_law(weights, bits, group=group), rtol=0.01)


@all_distributions
@pytest.mark.parametrize("bits, clip", [(2, 0.9), (3, 1.5), (4, 3.0)])
def test_levels_up_to_a_clip(million, weights, bits, clip):
    w, top = million[weights], 2 ** (bits - 1) - 1
    codes = np.clip(np.rint(w * top / clip), -top, top)
    found = error_of(w, Quantized(codes, np.array([[clip / top]]), len(w), 2 * top + 1))
    assert np.isclose(found, clip_law(weights, bits, clip=clip), rtol=0.01)


def test_in_plain_numbers():
    assert np.isclose(sign_law(GAUSSIAN), 1 - 2 / math.pi)
    assert np.isclose([sign_law(UNIFORM), sign_law(LAPLACE)], [0.25, 0.5]).all()
    assert np.isclose(sign_law(student_t(3)), 1 - 4 / math.pi**2)
    assert np.isclose(ternary_law(GAUSSIAN), 0.263, atol=5e-4)
    assert np.isclose(ternary_law(GAUSSIAN, scale="least squares"), 0.213, atol=5e-4)
    assert np.isclose(clip_law(UNIFORM, 2, clip=1), 0.25)  # no better than signs


def test_a_threshold_of_zero_is_signs_and_a_huge_one_keeps_nothing():
    assert np.isclose(ternary_law(LAPLACE, threshold=0), sign_law(LAPLACE))
    for scale in ("absmean", "least squares"):
        assert ternary_law(UNIFORM, threshold=9, scale=scale) == 1


def test_a_group_of_one_loses_nothing():
    assert sign_law(GAUSSIAN, group=1) == absmax_law(GAUSSIAN, 2, group=1) == 0


def test_sign_error_of_an_array():
    assert sign_error([[2.0, -2.0], [2.0, 2.0]]) == 0
    assert np.isclose(sign_error([0, 0, 0, 5]), 0.75)
    assert sign_error(np.zeros(3)) == sign_error(np.zeros(0)) == 0
    for tiny_or_huge in (1.0, 1e-30, 1e-200, 1e200):
        assert np.isclose(sign_error([tiny_or_huge, 2 * tiny_or_huge]), 0.1)
    assert type(sign_error([0.1, 0.3])) is float
    assert sign_error(np.int8([-128, 127])) < 1e-4  # |-128| is -128 in int8
    assert np.isclose(sign_error(np.float32([1e-30, 2e-30])), 0.1)  # whose squares float32 has not


def test_the_error_of_nearly_equal_weights_is_never_below_0():
    rng = np.random.default_rng(1)
    for n in range(1, 200):
        assert sign_error(np.full(n, 0.1)) == 0
        assert 0 <= sign_error(0.1 * (1 + 1e-16 * rng.integers(0, 3, n))) < 1e-15


@pytest.mark.parametrize("bits", [2, 3, 8])
def test_absmax_of_uniform_weights_in_closed_form(bits):
    """Below the largest, M, they are uniform again, and E[M²] = group / (group + 2)."""
    for group in (2, 16, 1000):
        expected = (1 - 1 / group) * group / (group + 2) * clip_law(UNIFORM, bits, clip=1)
        assert np.isclose(absmax_law(UNIFORM, bits, group=group), expected, rtol=5e-4)


def test_numbers_of_numpy_give_what_those_of_python_give():
    assert clip_law(GAUSSIAN, np.int8(8), clip=2.0) == clip_law(GAUSSIAN, 8, clip=2.0)
    assert absmax_law(GAUSSIAN, np.int8(8), group=4) == absmax_law(GAUSSIAN, 8, group=4)
    half = np.float32(0.5)
    assert type(clip_law(GAUSSIAN, 4, clip=half)) is type(ternary_law(GAUSSIAN)) is float
    assert clip_law(GAUSSIAN, 4, clip=half) == clip_law(GAUSSIAN, 4, clip=0.5)
    assert ternary_law(GAUSSIAN, threshold=half) == ternary_law(GAUSSIAN)


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: sign_error([1, np.nan]), "sign_error: some weights are not finite: did the"),
        (lambda: sign_error([[1], [np.inf]]), "sign_error: some weights are not finite"),
        (lambda: sign_law(GAUSSIAN, group=0), "sign_law: group is 0, but must be a whole number"),
        (lambda: ternary_law(GAUSSIAN, threshold=-1), "ternary_law: threshold is -1"),
        (lambda: ternary_law(GAUSSIAN, scale="max"), "ternary_law: scale is 'max', but must be"),
        (lambda: clip_law(GAUSSIAN, 9, clip=1), "clip_law: bits is 9, but must be .* from 2 to 8"),
        (lambda: clip_law(GAUSSIAN, 2, clip=0), "clip_law: clip is 0, but must be a number above"),
        (lambda: absmax_law(GAUSSIAN, 1, group=8), "absmax_law: bits is 1"),
        (lambda: absmax_law(GAUSSIAN, 2, group=8.0), "absmax_law: group is 8.0"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
