"""Feedback alignment: the op's two gradients, the three rules, and what they share."""

import re

import numpy as np
import pytest

from tinyffn.gradcheck import numeric_gradient
from tinyffn.studies import feedback
from tinyffn.studies.feedback import D_HIDDEN, D_IN, D_OUT, RULES, linear_by_feedback, train
from tinyffn.tensor import Tensor


def test_dw_is_the_derivative_and_dx_takes_the_other_way():
    rng = np.random.default_rng(0)
    x, w, other, dy = (rng.normal(size=s) for s in [(5, 4), (4, 3), (3, 4), (5, 3)])
    y, backward = linear_by_feedback.pair(x, w, feedback=other)
    dx, dw = backward(dy)
    np.testing.assert_array_equal(y, x @ w)
    np.testing.assert_array_equal(dx, dy @ other)
    np.testing.assert_allclose(dw, numeric_gradient(lambda w: np.vdot(x @ w, dy), w), atol=1e-8)


def test_rules_start_alike_and_differ_then():
    runs = {rule: train(rule, rate=1.0, seed=3, steps=20) for rule in RULES}
    assert len({run.loss[0] for run in runs.values()}) == 1
    assert len({run.loss[-1] for run in runs.values()}) == 3
    assert all(list(run.step) == [0, 10, 20] for run in runs.values())


def test_backprop_has_no_angle_to_the_true_gradient_and_frozen_has_none_at_all():
    assert train("backprop", rate=1.0, seed=3, steps=20).angle.max() < 1e-5
    assert np.isnan(train("frozen", rate=1.0, seed=3, steps=20).angle).all()
    assert train("feedback", rate=1.0, seed=3, steps=20).angle.min() > 20


def first_draws(seed):
    """What a run draws first, in its order: examples, both weights, the feedback."""
    rng = np.random.default_rng(seed)
    examples = feedback._teacher(rng)
    sizes = [(D_IN, D_HIDDEN), (D_HIDDEN, D_OUT), (D_OUT, D_HIDDEN)]
    scales = np.sqrt([D_IN, D_HIDDEN, D_HIDDEN])
    return examples, [rng.normal(size=s) / scale for s, scale in zip(sizes, scales, strict=True)]


@pytest.mark.parametrize("rule", RULES)
def test_each_step_sends_gradients_back_as_its_rule_says(rule, monkeypatch):
    """Feedback takes one matrix, drawn once; backprop the weights of the moment; frozen zeros."""
    ways = []
    op = feedback.linear_by_feedback

    def spy(x, w, *, feedback):
        if isinstance(w, Tensor):  # the true gradient is taken for weights that are arrays
            ways.append((np.array(feedback), w.data.T.copy()))
        return op(x, w, feedback=feedback)

    monkeypatch.setattr(feedback, "linear_by_feedback", spy)
    train(rule, rate=1.0, seed=3, steps=30)
    assert len(ways) == 31 + 4  # of every step, and of the four looks
    drawn = first_draws(3)[1][2]
    for way, transposed in ways:
        expected = {"backprop": transposed, "feedback": drawn, "frozen": 0 * drawn}[rule]
        np.testing.assert_array_equal(way, expected)
    assert np.abs(ways[-1][1] - ways[0][1]).max() > 0.01  # the last layer learns in each


def test_the_loss_is_measured_on_fresh_examples():
    (x, _, fresh_x, fresh_y), (w_up, w_down, _) = first_draws(3)
    assert not set(x.ravel()) & set(fresh_x.ravel())
    expected = np.mean((np.tanh(fresh_x @ w_up) @ w_down - fresh_y) ** 2)
    assert train("feedback", rate=1.0, seed=3, steps=0).loss == pytest.approx([expected])


@pytest.mark.parametrize("seed", [0, 1, 2, 3])
def test_a_fixed_random_way_back_is_enough_to_learn(seed):
    """The claim of feedback alignment."""
    frozen, aligned = (train(rule, rate=1.0, seed=seed).loss[-1] for rule in ("frozen", "feedback"))
    assert aligned < frozen / 5


def test_the_true_gradient_is_the_derivative():
    rng = np.random.default_rng(0)
    x, y, w_up, w_down = (rng.normal(size=s) for s in [(6, 5), (6, 2), (5, 3), (3, 2)])
    true = feedback._true_gradient(x, y, feedback.Tensor(w_up), feedback.Tensor(w_down))

    def loss(w_up):
        return np.mean((np.tanh(x @ w_up) @ w_down - y) ** 2)

    np.testing.assert_allclose(true, numeric_gradient(loss, w_up), rtol=1e-6, atol=1e-8)


def test_a_run_depends_on_its_seed_alone():
    first, again, other = (train("feedback", rate=1.0, seed=s, steps=10).loss for s in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert first[0] != other[0]


def test_a_rate_far_too_large_gives_an_infinite_loss():
    assert np.isinf(train("backprop", rate=1e6, seed=1, steps=200).loss[-1])


@pytest.mark.parametrize(
    ("settings", "says"),
    [({"steps": -1}, "train: steps is -1, but must be a whole number, 0 or above"),
     ({"rate": -1.0}, "train: rate is -1.0, but must be a number above 0")],
)  # fmt: skip
def test_wrong_settings_are_named(settings, says):
    with pytest.raises(ValueError, match=re.escape(says)):
        train("feedback", **{"rate": 1.0, "seed": 1, **settings})


def test_an_unknown_rule_is_named():
    message = "train: rule is 'magic', but must be one of backprop, feedback, frozen"
    with pytest.raises(ValueError, match=re.escape(message)):
        train("magic", rate=1.0, seed=1)
