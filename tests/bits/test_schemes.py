"""One bit: what happens at the mean, at zero, by lot."""

import math
from functools import partial
from pathlib import Path

import numpy as np
import pytest

import tinyffn
from tinyffn.bits.schemes import binary, centred_binary, signs, stochastic_signs

W = np.random.default_rng(0).normal(0.3, 1.0, size=(10, 4))


def test_a_group_of_zeros_has_scale_0_and_plus_signs():
    found = binary(np.zeros((4, 2)), per=2)
    assert (found.codes == 1).all() and (found.scale == 0).all()


@pytest.mark.parametrize("per", ["tensor", "column", 3])
def test_centred_signs_are_those_of_the_distance_to_the_mean_of_each_group(per):
    found = centred_binary(W, per=per)
    rows = len(W) if isinstance(per, str) else per
    for start in range(0, len(W), rows):
        block = W[start : start + rows]
        axis = None if per == "tensor" else 0
        assert np.array_equal(
            found.codes[start : start + rows], np.where(block > block.mean(axis), 1, -1)
        )
        assert np.allclose(found.scale[start // rows], np.abs(block).mean(axis))
    assert found.offset is None and found.levels == 2


@pytest.mark.parametrize("per", ["tensor", "column", 3])
def test_with_the_mean_added_scale_and_offset_are_the_best_for_these_codes(per):
    found = centred_binary(W, per=per, add_mean=True)
    error = ((W - found.values()) ** 2).sum()
    for scale, offset in [(1.01, 1.0), (0.99, 1.0)]:
        other = found._replace(scale=scale * found.scale, offset=offset * found.offset)
        assert ((W - other.values()) ** 2).sum() > error
    assert error < ((W - centred_binary(W, per=per).values()) ** 2).sum()
    assert found.bits_per_weight() == 1 + 2 * 16 * found.scale.size / W.size


def test_a_weight_at_the_mean_has_sign_minus_1():
    assert np.array_equal(centred_binary(np.array([[1.0], [2.0], [3.0]])).codes, [[-1], [-1], [1]])
    equal = np.full((4, 2), 2.0)
    assert (centred_binary(equal).codes == -1).all()
    assert np.array_equal(centred_binary(equal, add_mean=True).values(), equal)
    assert (centred_binary(np.zeros((4, 2))).values() == 0).all()


@pytest.mark.parametrize("mean", [0.25, 1.0])
def test_centring_loses_more_than_plain_signs_unless_the_mean_is_added_back(mean):
    """Gaussian weights of deviation 1: E[w²] = 1 + mean², E[w code] = √(2/π) where codes are
    centred, and the scale is β = E|w|. For the mean 1/4 plain signs lose 36 %, centred ones 40 %,
    with the mean added back 34 %; for the mean 1 they lose 32, 75 and 18 %."""
    w = np.random.default_rng(7).normal(mean, 1.0, size=(1000, 1000))
    root = math.sqrt(2 / math.pi)
    beta = root * math.exp(-(mean**2) / 2) + mean * math.erf(mean / math.sqrt(2))
    plain, centred, mean_added = (
        (1 + mean**2 - beta**2), (1 + mean**2 - 2 * beta * root + beta**2), (1 - root**2)
    )  # fmt: skip
    schemes = (binary, centred_binary, partial(centred_binary, add_mean=True))
    lost = [((w - scheme(w, per="tensor").values()) ** 2).mean() for scheme in schemes]
    np.testing.assert_allclose(lost, [plain, centred, mean_added], rtol=0.01)
    assert lost[1] > lost[0] > lost[2]


def test_stochastic_signs_have_the_weight_as_their_mean_and_are_sure_beyond_1():
    w = np.array([-3.0, -1.0, -0.5, 0.0, 0.2, 1.0, 3.0])
    steps = (np.arange(1000) + 0.5) / 1000
    mean = np.mean([stochastic_signs(w, noise=np.full(7, u)) for u in steps], axis=0)
    assert np.allclose(mean, np.clip(w, -1, 1), atol=1e-9)
    assert np.array_equal(stochastic_signs([-1.0, 1.0], noise=np.zeros(2)), [-1, 1])


def test_nothing_that_makes_signs_uses_np_sign():
    """It has a third answer, 0."""
    package = Path(tinyffn.__file__).parent
    files = [package / "ops" / "straight_through.py", *package.glob("bits/**/*.py"),
             *package.glob("nn/*.py")]  # fmt: skip
    assert len(files) > 50
    assert not [path.name for path in files if "np.sign(" in path.read_text(encoding="utf-8")]


def test_who_shares_a_scale_if_nothing_is_said():
    assert np.array_equal(binary(W).scale, binary(W, per="column").scale)
    assert np.array_equal(centred_binary(W).scale, centred_binary(W, per="tensor").scale)
    assert (binary(W).scale.shape, centred_binary(W).scale.shape) == ((1, 4), (1, 1))


def test_what_is_not_a_number_gets_minus_1_from_signs_and_an_error_from_schemes():
    assert np.array_equal(signs([np.nan, np.inf, -np.inf]), [-1, 1, -1])
    with pytest.raises(ValueError, match="binary: some weights are not finite"):
        binary(np.full((2, 2), np.nan))


def test_float32_stays_float32():
    w = W.astype(np.float32)
    for found in (centred_binary(w), centred_binary(w, add_mean=True)):
        assert found.codes.dtype == np.int8
        assert (found.scale.dtype, found.values().dtype) == (np.float32, np.float32)
    assert signs(w).dtype == stochastic_signs(w, noise=np.zeros(w.shape)).dtype == np.int8


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: centred_binary(np.ones(3)), "centred_binary: w is float64 .*, but must be floats"),
        (lambda: centred_binary(W, per=0), "centred_binary: per is 0"),
        (
            lambda: stochastic_signs(W, noise=np.zeros(4)),
            r"stochastic_signs: noise \(4,\) must have the shape of the weights, \(10, 4\)",
        ),
        (
            lambda: stochastic_signs(W[:1, :2], noise=np.array([[0.0, 1.0]])),
            r"stochastic_signs: noise runs from 0.0 to 1.0, but must be in \[0, 1\)",
        ),
        (
            lambda: stochastic_signs([0.5, np.nan], noise=np.zeros(2)),
            "stochastic_signs: some weights are not finite: did the training diverge",
        ),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
