"""What is true of a layer op whatever its inputs: facts that a reader may rely on."""

import numpy as np
import pytest

from tinyffn import Tensor, ops

rng = np.random.default_rng(0)


def test_softmax_rows_sum_to_one_and_ignore_a_shift():
    x = 5.0 * rng.standard_normal((3, 7))
    y, _ = ops.softmax.pair(x)
    np.testing.assert_allclose(y.sum(axis=-1), np.ones(3), rtol=1e-14)
    np.testing.assert_allclose(ops.softmax.pair(x + 100.0)[0], y, rtol=1e-11)


@pytest.mark.parametrize("name", ["softmax", "log_softmax"])
def test_softmax_of_huge_numbers_is_finite(name):
    y, backward = getattr(ops, name).pair(np.array([[1e4, -1e4, 0.0]]))
    assert np.isfinite(y).all()
    assert np.isfinite(backward(np.array([[0.3, -2.0, 1.0]]))[0]).all()


def test_attention_of_huge_numbers_is_finite():
    q, k, v = (1e4 * rng.standard_normal((5, 3)).astype(np.float32) for _ in range(3))
    y, backward = ops.attention.pair(q, k, v)
    for result in (y, *backward(v)):
        assert np.isfinite(result).all()


def test_sigmoid_keeps_its_slope_where_it_is_nearly_1():
    x = np.array([-40.0, 0.0, 40.0])
    _, backward = ops.sigmoid.pair(x)
    expected = [np.exp(-40), 0.25, np.exp(-40)]
    np.testing.assert_allclose(backward(np.ones(3))[0], expected, rtol=1e-14)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_leaky_relu_without_a_leak_is_relu_even_of_infinity(dtype):
    x = np.array([-np.inf, -2.0, 0.0, 3.0, np.inf], dtype)
    y, backward = ops.leaky_relu.pair(x, slope=0.0)
    assert y.dtype == dtype
    np.testing.assert_array_equal(y, ops.relu.pair(x)[0])
    np.testing.assert_array_equal(backward(np.ones(5, dtype))[0], [0, 0, 0, 1, 1])


def test_maxout_of_more_than_256_pieces_knows_which_was_the_largest():
    x = np.zeros((300, 1))
    x[299] = 1.0
    _, backward = ops.maxout.pair(x)
    (dx,) = backward(np.array([2.0]))
    np.testing.assert_array_equal(dx, 2.0 * x)


def test_softmax_leaves_no_gradient_along_a_shift():
    _, backward = ops.softmax.pair(rng.standard_normal((3, 7)))
    (dx,) = backward(rng.standard_normal((3, 7)))
    np.testing.assert_allclose(dx.sum(axis=-1), np.zeros(3), atol=1e-15)


def test_log_softmax_is_the_logarithm_of_softmax():
    x = rng.standard_normal((3, 7))
    np.testing.assert_allclose(ops.log_softmax.pair(x)[0], np.log(ops.softmax.pair(x)[0]))


def test_causal_attention_sees_nothing_of_the_future_not_even_in_its_gradient():
    q, k, v = (rng.standard_normal((5, d)) for d in (3, 3, 2))
    y, backward = ops.attention.pair(q, k, v, causal=True)
    k_changed, v_changed = k.copy(), v.copy()
    k_changed[3:] += 1.0
    v_changed[3:] -= 1.0
    np.testing.assert_array_equal(ops.attention.pair(q, k_changed, v_changed)[0][:3], y[:3])

    dy = np.zeros_like(y)
    dy[2] = rng.standard_normal(2)  # only the third position asks
    dq, dk, dv = backward(dy)
    for gradient in (dk, dv):
        assert np.abs(gradient[:3]).min() > 0.0
        assert not gradient[3:].any()
    assert not dq[[0, 1, 3, 4]].any()


def test_causal_attention_with_a_past_equals_the_last_rows_without():
    q, k, v = (rng.standard_normal((6, d)) for d in (3, 3, 2))
    whole = ops.attention.pair(q, k, v)[0]
    np.testing.assert_allclose(ops.attention.pair(q[4:], k, v)[0], whole[4:], rtol=1e-14)


def test_attention_weighs_and_never_leaves_the_range_of_the_values():
    q, k, v = (rng.standard_normal((2, 5, d)) for d in (3, 3, 4))
    y = ops.attention.pair(q, k, v, causal=False)[0]
    assert (y <= v.max(axis=-2, keepdims=True)).all()
    assert (y >= v.min(axis=-2, keepdims=True)).all()
    constant = np.broadcast_to(v[:, :1], v.shape)
    np.testing.assert_allclose(ops.attention.pair(q, k, constant)[0], constant, rtol=1e-14)


def test_attention_lays_out_its_results_as_heads_come_so_that_merging_them_copies_nothing():
    q, k, v = (rng.standard_normal((2, 5, 3, 4)).swapaxes(1, 2) for _ in range(3))  # B, heads, T
    y, backward = ops.attention.pair(q, k, v)
    for result in (y, *backward(rng.standard_normal(y.shape))):
        assert np.shares_memory(result.swapaxes(1, 2).reshape(2, 5, 12), result)


def test_layer_norm_ignores_shift_and_scale_and_rms_norm_scale():
    x, gain, bias = rng.standard_normal((3, 7)), rng.standard_normal(7), rng.standard_normal(7)
    y = ops.layer_norm.pair(x, gain, bias, eps=0.0)[0]
    np.testing.assert_allclose(ops.layer_norm.pair(5.0 * x + 3.0, gain, bias, eps=0.0)[0], y)
    z = ops.rms_norm.pair(x, gain, eps=0.0)[0]
    np.testing.assert_allclose(ops.rms_norm.pair(5.0 * x, gain, eps=0.0)[0], z)


def test_layer_norm_gives_rows_of_mean_0_and_variance_1_rms_norm_of_mean_square_1():
    x, ones, zeros = rng.standard_normal((3, 7)), np.ones(7), np.zeros(7)
    y = ops.layer_norm.pair(x, ones, zeros, eps=0.0)[0]
    np.testing.assert_allclose(y.mean(axis=-1), np.zeros(3), atol=1e-15)
    np.testing.assert_allclose(y.var(axis=-1), np.ones(3))
    z = ops.rms_norm.pair(x, ones, eps=0.0)[0]
    np.testing.assert_allclose((z * z).mean(axis=-1), np.ones(3))


def test_layer_norm_gradient_is_orthogonal_to_shift_and_to_the_row():
    x, gain, bias = rng.standard_normal((3, 7)), rng.standard_normal(7), rng.standard_normal(7)
    dx = ops.layer_norm.pair(x, gain, bias, eps=0.0)[1](rng.standard_normal((3, 7)))[0]
    np.testing.assert_allclose(dx.sum(axis=-1), np.zeros(3), atol=1e-14)
    np.testing.assert_allclose((dx * x).sum(axis=-1), np.zeros(3), atol=1e-14)


def test_cross_entropy_of_equal_logits_is_the_logarithm_of_their_number():
    loss, _ = ops.cross_entropy.pair(np.full((3, 8), 2.5), targets=np.array([0, 7, 3]))
    assert loss == pytest.approx(np.log(8), abs=1e-14)


def test_cross_entropy_of_huge_logits_is_finite():
    loss, _ = ops.cross_entropy.pair(np.array([[1e4, 0.0]]), targets=np.array([1]))
    assert loss == 1e4


def test_ignored_targets_change_nothing():
    logits, targets = rng.standard_normal((4, 5)), np.array([2, -100, 0, -100])
    loss, backward = ops.cross_entropy.pair(logits, targets=targets)
    kept, _ = ops.cross_entropy.pair(logits[::2], targets=targets[::2])
    assert loss == pytest.approx(kept, rel=1e-14)
    (dlogits,) = backward(np.array(1.7))
    assert not dlogits[1::2].any()
    assert dlogits[::2].all()


def test_equal_weights_change_nothing_and_only_their_ratios_count():
    logits, targets = rng.standard_normal((4, 5)), np.array([2, 1, -100, 4])
    plain, _ = ops.cross_entropy.pair(logits, targets=targets)
    equal, _ = ops.cross_entropy.pair(logits, targets=targets, weights=[7, 7, 1, 7])
    assert equal == pytest.approx(plain, rel=1e-14)
    w = np.array([0.3, 2.0, 5.0, 1.0])
    once, _ = ops.cross_entropy.pair(logits, targets=targets, weights=w)
    thrice, _ = ops.cross_entropy.pair(logits, targets=targets, weights=3.0 * w)
    assert thrice == pytest.approx(once, rel=1e-14)


def test_a_weight_of_two_is_the_target_twice_and_of_zero_is_an_ignored_one():
    logits, targets = rng.standard_normal((3, 5)), np.array([2, 0, 4])
    loss, backward = ops.cross_entropy.pair(logits, targets=targets, weights=[2, 1, 0])
    repeated, _ = ops.cross_entropy.pair(logits[[0, 0, 1]], targets=targets[[0, 0, 1]])
    assert loss == pytest.approx(repeated, rel=1e-14)
    assert not backward(np.array(1.7))[0][2].any()


def test_a_mask_of_booleans_may_be_the_weights():
    logits, targets = rng.standard_normal((4, 5)).astype(np.float32), np.array([2, 1, 0, 3])
    mask = np.array([True, False, True, False])
    loss, _ = ops.cross_entropy.pair(logits, targets=targets, weights=mask)
    kept, _ = ops.cross_entropy.pair(logits[mask], targets=targets[mask])
    assert loss == pytest.approx(kept, rel=1e-6) and loss.dtype == np.float32


def test_dropout_keeps_the_mean():
    keep = np.arange(10) % 5 != 0  # four of five
    y, _ = ops.dropout.pair(np.ones(10), keep=keep, rate=0.2)
    assert y.mean() == pytest.approx(1.0)
    assert set(y) == {0.0, 1.25}


def test_dropout_of_rate_0_is_the_identity():
    x = rng.standard_normal((2, 3))
    np.testing.assert_array_equal(ops.dropout.pair(x, keep=np.ones((2, 3), bool), rate=0.0)[0], x)


def test_embedding_adds_the_gradients_of_a_repeated_id_and_leaves_the_rest_at_zero():
    _, backward = ops.embedding.pair(rng.standard_normal((4, 2)), ids=[3, 1, 3])
    (dtable,) = backward(np.array([[1.0, 2.0], [10.0, 20.0], [100.0, 200.0]]))
    np.testing.assert_array_equal(dtable, [[0, 0], [10, 20], [0, 0], [101, 202]])


def test_shares_of_a_tie():
    """Equal entries share the gradient, so that a tie has the mean of its one-sided slopes."""
    _, backward = ops.max.pair(np.array([2.0, 5.0, 5.0]))
    np.testing.assert_array_equal(backward(np.array(3.0))[0], [0.0, 1.5, 1.5])
    _, backward = ops.maximum.pair(np.array([1.0, 2.0]), np.array([1.0, 0.0]))
    da, db = backward(np.array([3.0, 4.0]))
    np.testing.assert_array_equal(da, [1.5, 4.0])
    np.testing.assert_array_equal(db, [1.5, 0.0])


def test_where_keeps_a_bad_gradient_away_from_the_branch_not_taken():
    _, backward = ops.where.pair(np.zeros(2), np.zeros(2), condition=np.array([True, False]))
    da, db = backward(np.array([np.inf, np.nan]))
    np.testing.assert_array_equal(da, [np.inf, 0.0])
    np.testing.assert_array_equal(db, [0.0, np.nan])


@pytest.mark.parametrize("name", ["relu", "gelu", "gelu_tanh", "silu"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_activations_far_out_are_the_identity_or_zero(name, dtype):
    y, backward = getattr(ops, name).pair(np.array([-1e3, -0.0, 1e3], dtype))
    np.testing.assert_array_equal(y, [0.0, 0.0, 1e3])
    slope = backward(np.ones(3, dtype))[0]
    np.testing.assert_array_equal(slope[[0, 2]], [0.0, 1.0])


@pytest.mark.parametrize("name", ["relu", "squared_relu", "gelu", "gelu_tanh", "silu"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_activations_take_a_single_number(name, dtype):
    """Without an axis, as `gelu(Tensor(0.7))`, and with the value that it has among others."""
    x = Tensor(np.array(0.7, dtype), requires_grad=True)
    y = getattr(ops, name)(x)
    y.backward()
    among_others, backward = getattr(ops, name).pair(np.array([0.7, -1.0], dtype))
    assert y.shape == x.grad.shape == ()
    assert (y.dtype, x.grad.dtype) == (dtype, dtype)
    assert y.item() == among_others[0]
    assert x.grad == backward(np.ones(2, dtype))[0][0]


def test_gates_are_their_activation_times_the_other_projection():
    gate, up = rng.standard_normal((2, 5, 7))
    for gated, activation in [("reglu", "relu"), ("geglu", "gelu"), ("swiglu", "silu")]:
        y, backward = getattr(ops, gated).pair(gate, up)
        bent, backward_bent = getattr(ops, activation).pair(gate)
        np.testing.assert_array_equal(y, bent * up)
        dy = rng.standard_normal(y.shape)
        np.testing.assert_allclose(backward(dy)[0], backward_bent(dy * up)[0], atol=1e-15)


def test_learnable_activations_hold_the_plain_ones():
    """PReLU at 0 is ReLU, Swish at 1 SiLU, ACON-C with p = 1, 0 Swish, and with p = a, a a line."""
    x = rng.standard_normal((4, 5))
    one, zero = np.ones(5), np.zeros(5)
    np.testing.assert_array_equal(ops.prelu.pair(x, zero)[0], ops.relu.pair(x)[0])
    np.testing.assert_allclose(ops.swish.pair(x, one)[0], ops.silu.pair(x)[0], atol=1e-15)
    np.testing.assert_allclose(ops.swish.pair(x, zero)[0], x / 2, atol=1e-15)
    beta = rng.standard_normal(5)
    swish = ops.swish.pair(x, beta)[0]
    np.testing.assert_allclose(ops.acon_c.pair(x, one, zero, beta)[0], swish, atol=1e-15)
    np.testing.assert_allclose(ops.acon_c.pair(x, beta, beta, one)[0], beta * x, atol=1e-15)
    line = ops.pade.pair(x, np.array([3.0, 2.0]), np.zeros(3))[0]
    np.testing.assert_allclose(line, 3 + 2 * x, atol=1e-14)


def test_maxout_of_equals_gives_the_gradient_to_the_first():
    y, backward = ops.maxout.pair(np.array([[1.0, 2.0], [1.0, 3.0], [0.0, 3.0]]))
    np.testing.assert_array_equal(y, [1.0, 3.0])
    np.testing.assert_array_equal(backward(np.array([5.0, 7.0]))[0], [[5, 0], [0, 7], [0, 0]])


def test_a_power_at_zero():
    for exponent, slope in ((0, 0.0), (1, 1.0), (2, 0.0), (3, 0.0)):
        _, backward = ops.power.pair(np.array([0.0]), exponent=exponent)
        assert backward(np.array([5.0]))[0] == 5.0 * slope


def test_gelu_tanh_is_off_by_at_most_5e_4():
    x = np.linspace(-6.0, 6.0, 2001)
    assert np.abs(ops.gelu.pair(x)[0] - ops.gelu_tanh.pair(x)[0]).max() < 5e-4


def test_an_activation_longer_than_a_tile_is_the_same_as_in_pieces():
    x = Tensor(rng.standard_normal(100_003).astype(np.float32))
    for activation in (ops.gelu, ops.gelu_tanh, ops.silu):
        pieces = [activation(x[i : i + 10_000]).data for i in range(0, 100_003, 10_000)]
        np.testing.assert_array_equal(activation(x).data, np.concatenate(pieces))
