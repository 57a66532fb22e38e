"""The training loop: what it does to the model, what it writes down, and how it stops."""

import json
import math
import re
from dataclasses import asdict

import numpy as np
import pytest

from tinyffn import Tensor, nn, ops, optim
from tinyffn.graph import is_recording
from tinyffn.train import History, fit


def _problem(seed=1):
    """A small regression: (model, loss, endless batches, held-out loss)."""
    rng = np.random.default_rng(seed)
    model = nn.Sequential(nn.Linear(3, 8, rng=rng), ops.tanh, nn.Linear(8, 2, rng=rng))
    true = rng.standard_normal((3, 2))

    def batch(n):
        x = rng.standard_normal((n, 3)).astype(np.float32)
        return x, np.sin(x @ true).astype(np.float32)

    def batches():
        while True:
            yield batch(16)

    held_out = batch(50)

    def loss(x, y):
        return ops.mse(model(x), y)

    return model, loss, batches(), lambda: loss(*held_out).item()


def _fit(steps=20, rate=0.05, optimizer=None, batches=None, loss=None, **settings):
    model, own_loss, endless, evaluate = _problem()
    optimizer = optimizer or optim.SGD(model.parameters(), rate)
    loss, batches = loss or own_loss, endless if batches is None else batches
    settings = {"evaluate": evaluate, "evaluate_every": 8, "progress": False} | settings
    return model, fit(model, loss, batches, optimizer, steps=steps, **settings)


def test_the_loss_falls():
    _, history = _fit(steps=300, rate=0.2)
    assert np.mean(history.loss[-20:]) < 0.2 * np.mean(history.loss[:5])
    assert history.eval_loss[-1] < 0.3 * history.eval_loss[0]


def test_the_history_has_an_entry_a_step_and_one_an_evaluation():
    _, history = _fit(steps=20)
    assert history.step == list(range(20))
    for column in (history.loss, history.rate, history.grad_norm, history.seconds):
        assert len(column) == 20 and all(isinstance(value, float) for value in column)
    assert history.eval_step == [7, 15, 19] and len(history.eval_loss) == 3
    assert history.seconds == sorted(history.seconds)
    assert history.rate == [0.05] * 20


def test_the_history_is_plain_data():
    _, history = _fit(schedule=lambda step: np.float64(0.1))
    assert History(**json.loads(json.dumps(asdict(history)))) == history


def test_the_last_step_is_evaluated_once():
    assert _fit(steps=16)[1].eval_step == [7, 15]


def test_without_evaluation_there_is_none():
    _, history = _fit(evaluate=None)
    assert history.eval_step == history.eval_loss == []


def test_the_schedule_sets_the_rate_of_each_step():
    schedule = optim.warmup_cosine(0.3, warmup_steps=3, total_steps=10)
    _, history = _fit(steps=10, schedule=schedule)
    assert history.rate == [schedule(step) for step in range(10)]


def test_steps_are_those_of_the_optimiser_by_hand():
    model, history = _fit(steps=3, rate=0.1, max_norm=0.2)
    twin, loss, batches, _ = _problem()
    for step in range(3):
        for p in twin.parameters():
            p.grad = None
        y = loss(*next(batches))
        y.backward()
        norm = math.sqrt(sum(float(np.sum(p.grad**2)) for p in twin.parameters()))
        assert history.loss[step] == y.item()
        assert history.grad_norm[step] == pytest.approx(norm, rel=1e-5)  # before clipping
        for p in twin.parameters():
            p.data -= 0.1 * p.grad * min(1.0, 0.2 / norm)
    assert max(history.grad_norm) > 0.2
    for p, q in zip(model.parameters(), twin.parameters(), strict=True):
        np.testing.assert_allclose(p.data, q.data, rtol=0, atol=1e-6)


def test_without_a_schedule_the_rate_is_left_to_the_optimiser():
    model, loss, batches, _ = _problem()
    optimizer = optim.SGD(model.parameters(), 0.1)

    def halve(step):
        optimizer.rate /= 2

    history = fit(model, loss, batches, optimizer, steps=3, after_step=halve, progress=False)
    assert history.rate == [0.05, 0.025, 0.0125]


def test_what_runs_before_and_after_a_step_sees_it_so():
    model, loss, batches, _ = _problem()
    seen, kept = [], model.parameters()[0]

    def before(step):
        seen.append(("before", step, kept.data.copy()))
        for p in model.parameters():
            p.grad[...] = 2.0

    def after(step):
        seen.append(("after", step, kept.data.copy()))

    history = fit(model, loss, batches, optim.SGD(model.parameters(), 0.1), steps=2,
                  max_norm=1e-3, before_step=before, after_step=after, progress=False)  # fmt: skip
    assert [(when, step) for when, step, _ in seen] == [
        ("before", 0), ("after", 0), ("before", 1), ("after", 1),
    ]  # fmt: skip
    (*_, w0), (*_, w1), (*_, w1_again), (*_, w2) = seen
    assert np.array_equal(w1, w1_again)
    np.testing.assert_allclose(w0 - w1, 0.2, rtol=1e-5)  # 0.1 times the gradient that was set
    np.testing.assert_allclose(w1 - w2, 0.2, rtol=1e-5)
    assert 1e-3 < history.grad_norm[0] < 2.0  # the length that it had before all of this


def test_going_on_counts_on():
    model, loss, batches, evaluate = _problem()
    optimizer, history = optim.SGD(model.parameters(), 0.1), History()
    settings = {"history": history, "progress": False, "evaluate": evaluate}
    assert fit(model, loss, batches, optimizer, steps=5, **settings) is history
    history.seconds[-1] = 100.0  # a slow step
    fit(model, loss, batches, optimizer, steps=4, **settings)
    assert history.step == list(range(9)) and history.eval_step == [4, 8]
    assert 100.0 < history.seconds[5] < history.seconds[8] < 110.0


def test_training_and_evaluation_have_their_modes():
    seen = []
    model, loss, batches, _ = _problem()

    def watched(x, y):
        seen.append((model.training, is_recording()))
        return loss(x, y)

    def evaluate():
        seen.append((model.training, is_recording()))
        return 1.0

    settings = {"evaluate": evaluate, "evaluate_every": 2, "progress": False}
    fit(model.eval(), watched, batches, optim.SGD(model.parameters(), 0.1), steps=3, **settings)
    step, evaluation = (True, True), (False, False)
    assert seen == [step, step, evaluation, step, evaluation]
    assert model.training  # however it ended


def test_what_was_reached_stays_in_the_history_after_an_interrupt():
    model, loss, batches, _ = _problem()
    history = History()

    def interrupted():
        for i, batch in enumerate(batches):
            if i == 3:
                raise KeyboardInterrupt
            yield batch

    with pytest.raises(KeyboardInterrupt):
        fit(model, loss, interrupted(), optim.SGD(model.parameters(), 0.1), steps=9,
            history=history, progress=False)  # fmt: skip
    assert history.step == [0, 1, 2] and len(history.loss) == 3


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_a_loss_that_is_not_finite_stops_before_the_weights_change(bad):
    model, loss, batches, _ = _problem()
    optimizer, before = optim.SGD(model.parameters(), 0.1), []

    def breaks_at_2():
        for i, (x, y) in enumerate(batches):
            if i == 2:
                before.extend(p.data.copy() for p in model.parameters())
                y[0, 0] = bad
            yield x, y

    message = f"fit: the loss is {bad} at step 2: lower the rate, warm up longer, clip harder"
    with pytest.raises(FloatingPointError, match=message):
        fit(model, loss, breaks_at_2(), optimizer, steps=9, progress=False)
    assert all(np.array_equal(a, p.data) for a, p in zip(before, model.parameters(), strict=True))


def test_a_gradient_that_is_not_finite_stops_before_the_weights_change():
    p = nn.Parameter([0.0, 1.0])
    model = nn.Module()
    model.p = p
    with np.errstate(divide="ignore"), pytest.raises(FloatingPointError, match="a gradient is inf"):
        fit(model, lambda: ops.mean(ops.sqrt(p)), [()], optim.SGD([p], 0.1), steps=1,
            progress=False)  # fmt: skip
    assert p.data.tolist() == [0.0, 1.0]


def test_too_high_a_rate_is_noticed():
    model, loss, batches, _ = _problem()
    with np.errstate(all="ignore"), pytest.raises(FloatingPointError):
        fit(model, lambda x, y: loss(x, y) * loss(x, y), batches,
            optim.SGD(model.parameters(), 1e6), steps=50, progress=False)  # fmt: skip


MISTAKES = [
    (lambda: _fit(steps=0), ValueError, "fit: steps is 0, but must be a whole number above 0"),
    (lambda: _fit(steps=2.0), ValueError, "fit: steps is 2.0, but must be a whole number above 0"),
    (lambda: _fit(evaluate_every=0), ValueError, "fit: evaluate_every is 0, but must be a whole"),
    (lambda: _fit(evaluate=0.5), TypeError, "fit: evaluate is 0.5, but must be a function"),
    (lambda: _fit(schedule=0.1), TypeError, "fit: schedule is 0.1, but must be a function"),
    (lambda: _fit(before_step=1), TypeError, "fit: before_step is 1, but must be a function"),
    (lambda: _fit(after_step=None), TypeError, "fit: after_step is None, but must be a function"),
    (lambda: _fit(loss=3), TypeError, "fit: loss is 3, but must be a function"),
    (lambda: _fit(batches=[]), ValueError, "fit: batches ran out before step 0"),
    (lambda: _fit(batches=[(np.ones((4, 3), np.float32), np.ones((4, 2), np.float32))]), ValueError,
     "fit: batches ran out before step 1"),
    (lambda: _fit(loss=lambda x, y: 0.5), TypeError,
     "fit: loss gave a float, but must give a Tensor of one number"),
    (lambda: _fit(loss=lambda x, y: Tensor(np.ones((2, 1), np.float32))), ValueError,
     "fit: loss gave a Tensor (2, 1), but must give a Tensor of one number: take its mean"),
    (lambda: _fit(loss=lambda x, y: Tensor(1.0)), RuntimeError,
     "backward: nothing here requires a gradient"),
    (lambda: _fit(max_norm=0.0), ValueError, "clip_global_norm: max_norm is 0.0, but must be"),
    (lambda: _fit(schedule=lambda step: -1.0), ValueError, "SGD: rate is -1.0, but must be"),
]  # fmt: skip


@pytest.mark.parametrize("mistake, error, message", MISTAKES, ids=[m[2] for m in MISTAKES])
def test_message(mistake, error, message):
    with pytest.raises(error, match=re.escape(message)):
        mistake()
