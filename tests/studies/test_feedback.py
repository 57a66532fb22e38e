"""Feedback alignment: the op's two gradients, the three rules, and what they share."""

import re

import numpy as np
import pytest

from tinyffn.gradcheck import numeric_gradient
from tinyffn.studies import feedback
from tinyffn.studies.feedback import RULES, linear_by_feedback, train


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


def test_an_unknown_rule_is_named():
    message = "train: rule is 'magic', but must be one of backprop, feedback, frozen"
    with pytest.raises(ValueError, match=re.escape(message)):
        train("magic", rate=1.0, seed=1)
