"""One bit: what happens at the mean, at zero, by lot."""

import numpy as np
import pytest

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


def test_stochastic_signs_have_the_weight_as_their_mean_and_are_sure_beyond_1():
    w = np.array([-3.0, -1.0, -0.5, 0.0, 0.2, 1.0, 3.0])
    steps = (np.arange(1000) + 0.5) / 1000
    mean = np.mean([stochastic_signs(w, noise=np.full(7, u)) for u in steps], axis=0)
    assert np.allclose(mean, np.clip(w, -1, 1), atol=1e-9)
    assert np.array_equal(stochastic_signs([-1.0, 1.0], noise=np.zeros(2)), [-1, 1])


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
