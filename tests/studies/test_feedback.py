"""Feedback alignment: the op's two gradients, the three rules, and what they share."""

import re

import numpy as np
import pytest

from tinyffn.gradcheck import numeric_gradient
from tinyffn.studies import feedback
from tinyffn.studies.feedback import D_HIDDEN, D_IN, D_OUT, RULES, linear_by_feedback, train


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


def first_draws(seed):
    """What a run draws first, in its order: three sets of examples, both weights, the feedback."""
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
        ways.append((np.array(feedback), w.data.T.copy()))
        return op(x, w, feedback=feedback)

    monkeypatch.setattr(feedback, "linear_by_feedback", spy)
    train(rule, rate=1.0, seed=3, steps=30)
    assert len(ways) == 31 + 2 * 4  # of every step, and of the four looks at two sets
    drawn = first_draws(3)[1][2]
    for way, transposed in ways:
        expected = {"backprop": transposed, "feedback": drawn, "frozen": 0 * drawn}[rule]
        np.testing.assert_array_equal(way, expected)
    assert np.abs(ways[-1][1] - ways[0][1]).max() > 0.01  # the last layer learns in each


def test_losses_are_measured_on_examples_that_nothing_was_learned_from(monkeypatch):
    (learned, fresh, others), (w_up, w_down, _) = first_draws(3)
    run, loss, seen = train("feedback", rate=1.0, seed=3, steps=0), feedback._loss, []
    for measured, (x, y) in ((run.loss, fresh), (run.choice, others)):
        assert not set(x.ravel()) & set(learned[0].ravel())
        expected = np.mean((np.tanh(x @ w_up) @ w_down - y) ** 2)
        assert measured == pytest.approx([expected])
    assert not set(fresh[0].ravel()) & set(others[0].ravel())
    monkeypatch.setattr(feedback, "_loss", lambda x, *rest: seen.append(x) or loss(x, *rest))
    train("feedback", rate=1.0, seed=3, steps=9)
    learning = [x for x in seen if not np.array_equal(x, fresh[0])][1:]  # one look at the others
    assert len(learning) == 10 and all(np.array_equal(x, learned[0]) for x in learning)


def test_who_always_answers_zero_has_a_loss_of_one():
    outputs = np.concatenate([y for _, y in first_draws(3)[0]])
    np.testing.assert_allclose(outputs.mean(axis=0), 0, atol=1e-12)
    assert np.mean(outputs**2) == pytest.approx(1)


def test_the_angle_is_to_the_weights_transposed():
    _, (_, w_down, drawn) = first_draws(3)
    cosine = np.vdot(w_down.T, drawn) / np.linalg.norm(w_down) / np.linalg.norm(drawn)
    start = train("feedback", rate=1.0, seed=3, steps=0).angle
    assert np.cos(np.radians(start)) == pytest.approx([cosine])
    assert train("backprop", rate=1.0, seed=3, steps=20).angle.max() < 1e-5
    assert np.isnan(train("frozen", rate=1.0, seed=3, steps=20).angle).all()


@pytest.mark.parametrize("seed", range(1, 6))
def test_a_fixed_random_way_back_is_enough_to_learn(seed):
    """The claims of feedback alignment: the first layer learns, and w_down turns to the matrix."""
    frozen, aligned = (train(rule, rate=1.0, seed=seed) for rule in ("frozen", "feedback"))
    assert aligned.loss[-1] < frozen.loss[-1] / 5
    assert aligned.angle[-1] < aligned.angle[0] - 15


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
