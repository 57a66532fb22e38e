"""Schedules without an end that is planned for: the inverse root, and waiting for a plateau."""

import math
import re

import numpy as np
import pytest

from tinyffn import nn, ops, optim
from tinyffn.train import History, fit


def _rates(losses, **settings):
    """The rate after each of these losses, the first before any."""
    seen = []
    schedule = optim.reduce_on_plateau(1.0, seen, factor=0.5, **settings)
    rates = [schedule(0)]
    for loss in losses:
        seen.append(loss)
        rates.append(schedule(len(seen)))
    return rates


def test_a_warmup_alone():
    rate = optim.warmup_cosine(2.0, warmup_steps=4, total_steps=5, final=2.0)
    assert [rate(step) for step in (0, 1, 3, 4, 5, 100)] == [0.5, 1.0, 2.0, 2.0, 2.0, 2.0]


def test_inverse_sqrt_is_that_of_the_paper():
    d_model, warmup_steps = 64, 25
    rate = optim.inverse_sqrt((d_model * warmup_steps) ** -0.5, warmup_steps=warmup_steps)
    for step in range(200):
        n = step + 1
        theirs = d_model**-0.5 * min(n**-0.5, n * warmup_steps**-1.5)
        assert rate(step) == pytest.approx(theirs, rel=1e-13)
    assert rate(24) == max(rate(step) for step in range(200))


def test_the_rate_falls_after_more_than_patience_losses_that_are_no_better():
    assert _rates([3.0, 2.0, 2.0, 2.0, 2.0], patience=1) == [1, 1, 1, 1, 0.5, 0.5]
    assert _rates([3.0, 4.0, 2.0, 4.0, 1.0, 4.0], patience=1) == [1.0] * 7
    assert _rates([1.0, 1.0, 1.0, 1.0], patience=0) == [1, 1, 0.5, 0.25, 0.125]


def test_a_loss_that_is_hardly_better_is_not_better():
    losses = [1.0, 0.95, 0.9, 0.85]
    assert _rates(losses, patience=1, threshold=0.2) == [1, 1, 1, 0.5, 0.5]
    assert _rates(losses, patience=1, threshold=0.01) == [1.0] * 5


def test_after_a_fall_a_cooldown_does_not_count():
    assert _rates([1.0] * 7, patience=0, cooldown=2) == [1, 1, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25]


def test_the_rate_stops_at_final():
    assert _rates([1.0] * 5, patience=0, final=0.3) == [1, 1, 0.5, 0.3, 0.3, 0.3]


def test_a_loss_that_is_not_a_number_is_no_better():
    assert _rates([1.0, math.nan, math.nan], patience=1) == [1, 1, 1, 0.5]


def test_in_training_the_rate_falls_when_the_held_out_loss_stays():
    rng = np.random.default_rng(1)
    layer, history = nn.Linear(2, 1, rng=rng), History()
    held_out = iter([5.0, 4.0, 4.0, 4.0, 3.0])
    batch = np.ones((4, 2), np.float32), np.ones((4, 1), np.float32)
    schedule = optim.reduce_on_plateau(0.1, history.eval_loss, factor=0.5, patience=1)
    fit(
        layer, lambda x, y: ops.mse(layer(x), y), [batch] * 10, optim.SGD(layer.parameters(), 1.0),
        steps=10, schedule=schedule, history=history, evaluate=lambda: next(held_out),
        evaluate_every=2, progress=False,
    )  # fmt: skip
    assert history.rate == [0.1] * 8 + [0.05] * 2


def _plateau(losses=None, rate=0.1, **settings):
    return optim.reduce_on_plateau(rate, [] if losses is None else losses, **settings)


MISTAKES = [
    (lambda: _plateau(losses=(1.0,)), TypeError, "reduce_on_plateau: losses is a tuple, but must "
     "be the list that training adds to: history.eval_loss"),
    (lambda: _plateau(losses=History()), TypeError, "losses is a History, but must be the list"),
    (lambda: _plateau(rate=-1), ValueError, "reduce_on_plateau: rate is -1, but must be a number"),
    (lambda: _plateau(factor=1.0), ValueError, "reduce_on_plateau: factor is 1.0, but must be"),
    (lambda: _plateau(patience=-1), ValueError, "reduce_on_plateau: patience is -1, but must be"),
    (lambda: _plateau(cooldown=None), ValueError, "cooldown is None, but must be a number, 0 or"),
    (lambda: _plateau(threshold=-0.1), ValueError, "threshold is -0.1, but must be a number"),
    (lambda: _plateau(final=math.nan), ValueError, "final is nan, but must be a number, 0 or"),
    (lambda: _plateau(threshold=1.0), ValueError, "threshold is 1.0, but must be"),
    (lambda: _plateau(rate=0.01, final=0.1), ValueError,
     "reduce_on_plateau: final is 0.1, but must be at most rate = 0.01"),
    (lambda: optim.inverse_sqrt(-1.0, warmup_steps=3), ValueError, "inverse_sqrt: peak is -1.0, b"),
    (lambda: optim.inverse_sqrt(1.0, warmup_steps=0), ValueError,
     "inverse_sqrt: warmup_steps is 0, but must be a whole number above 0"),
    (lambda: optim.inverse_sqrt(1.0, warmup_steps=3)(-1), ValueError,
     "inverse_sqrt: step is -1, but must be a number, 0 or above"),
]  # fmt: skip


@pytest.mark.parametrize("mistake, error, message", MISTAKES, ids=[m[2] for m in MISTAKES])
def test_message(mistake, error, message):
    with pytest.raises(error, match=re.escape(message)):
        mistake()
