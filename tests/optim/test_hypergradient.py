"""Hypergradient descent: the rate's derivative is what it says, and whole runs by hand."""

import re

import numpy as np
import pytest

from tinyffn import nn, ops, optim
from tinyffn.nn import Parameter
from tinyffn.train import fit

INNER = {
    "SGD": lambda p, rate: optim.SGD(p, rate),
    "SGD with momentum": lambda p, rate: optim.SGD(p, rate, momentum=0.8),
    "SGD with Nesterov momentum": lambda p, rate: optim.SGD(p, rate, momentum=0.8, nesterov=True),
    "Adam": lambda p, rate: optim.Adam(p, rate, betas=(0.8, 0.9)),
    "AdamW": lambda p, rate: optim.AdamW(p, rate, weight_decay=0.3),
}
every_inner = pytest.mark.parametrize("make", INNER.values(), ids=INNER)


def _problem(seed=1):
    rng = np.random.default_rng(seed)
    layers = nn.Linear(3, 4, rng=rng), ops.tanh, nn.Linear(4, 2, rng=rng)
    model = nn.Sequential(*layers).astype(np.float64)
    x, y = rng.standard_normal((3, 8, 3)), rng.standard_normal((3, 8, 2))
    return model, [lambda k=k: ops.mse(model(x[k]), y[k]) for k in range(3)]


def _gradients(model, loss):
    for p in model.parameters():
        p.grad = None
    loss().backward()


@every_inner
def test_the_derivative_of_the_next_loss_with_respect_to_the_rate(make):
    """Two ordinary steps; the third loss as a function of the second rate, differentiated."""

    def third_loss(rate):
        model, losses = _problem()
        optimizer = make(model.parameters(), 0.1)
        for k, rate_k in enumerate((0.1, rate)):
            optimizer.rate = rate_k
            _gradients(model, losses[k])
            optimizer.step()
        return losses[2]().item()

    h = 1e-5
    numeric = (third_loss(0.2 + h) - third_loss(0.2 - h)) / (2 * h)

    model, losses = _problem()
    optimizer = optim.Hypergradient(make(model.parameters(), 0.1), beta=0.0)
    for k, rate in enumerate((0.1, 0.2)):
        optimizer.rate = rate
        _gradients(model, losses[k])
        optimizer.step()
    _gradients(model, losses[2])
    optimizer.beta = 0.01
    optimizer.step()
    drate = (0.2 - optimizer.rate) / 0.01
    assert abs(numeric) > 1e-3
    assert drate == pytest.approx(numeric, rel=1e-6)


@every_inner
def test_with_beta_0_it_is_the_optimiser_alone(make):
    (alone, losses), (model, same_losses) = _problem(), _problem()
    a, b = make(alone.parameters(), 0.1), make(model.parameters(), 0.1)
    b = optim.Hypergradient(b, beta=0.0)
    for k in (0, 1, 2):
        _gradients(alone, losses[k])
        _gradients(model, same_losses[k])
        a.step()
        b.step()
    for p, q in zip(alone.parameters(), model.parameters(), strict=True):
        np.testing.assert_allclose(p.data, q.data, rtol=0, atol=1e-14)


def test_sgd_by_hand_over_50_steps():
    rng, beta = np.random.default_rng(2), 1e-3
    p = Parameter(rng.standard_normal(5))
    optimizer = optim.Hypergradient(optim.SGD([p], 0.05), beta=beta)
    w, rate, last, slope = p.data.copy(), 0.05, np.zeros(5), np.linspace(0.3, 3.0, 5)
    rates = []
    for _ in range(50):
        noise = 0.3 * rng.standard_normal(5)
        p.grad = slope * p.data + noise
        optimizer.step()
        dw = slope * w + noise
        rate = max(0.0, rate + beta * dw @ last)
        w, last = w - rate * dw, dw
        np.testing.assert_allclose(p.data, w, rtol=0, atol=1e-13)
        assert optimizer.rate == pytest.approx(rate, rel=1e-12)
        rates.append(rate)
    assert np.ptp(rates) > 0.01


def test_adam_by_hand_over_50_steps():
    rng, beta, beta1, beta2, eps = np.random.default_rng(3), 1e-4, 0.8, 0.9, 1e-8
    p = Parameter(rng.standard_normal(5))
    inner = optim.Adam([p], 0.01, betas=(beta1, beta2), eps=eps)
    optimizer = optim.Hypergradient(inner, beta=beta)
    w, rate, u, m, v = p.data.copy(), 0.01, np.zeros(5), np.zeros(5), np.zeros(5)
    for t in range(1, 51):
        p.grad = p.data - 2.0
        optimizer.step()
        dw = w - 2.0
        rate = max(0.0, rate + beta * dw @ u)
        m, v = beta1 * m + (1 - beta1) * dw, beta2 * v + (1 - beta2) * dw**2
        u = (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps)
        w = w - rate * u
        np.testing.assert_allclose(p.data, w, rtol=0, atol=1e-12)
        assert optimizer.rate == pytest.approx(rate, rel=1e-11)
    assert optimizer.rate > 0.02


def test_a_rate_never_falls_below_0_and_can_rise_again():
    p = Parameter(np.array([1.0]))
    optimizer, rates = optim.Hypergradient(optim.SGD([p], 0.1), beta=1.0), []
    for gradient in (1.0, -1.0, -1.0):
        p.grad = np.array([gradient])
        optimizer.step()
        rates.append(optimizer.rate)
    assert rates == pytest.approx([0.1, 0.0, 1.0], rel=1e-14)
    assert p.data == pytest.approx(1.0 - 0.1 + 1.0)


def test_a_parameter_that_did_not_move_does_not_count():
    p, q = Parameter(np.array([1.0])), Parameter(np.array([1.0]))
    optimizer, rates = optim.Hypergradient(optim.SGD([p, q], 0.1), beta=0.01), []
    for dp, dq in [(1.0, 2.0), (1.0, None), (1.0, 5.0)]:
        p.grad, q.grad = (None if g is None else np.array([g]) for g in (dp, dq))
        optimizer.step()
        rates.append(optimizer.rate)
    assert rates == pytest.approx([0.1, 0.11, 0.12])


def test_too_low_a_rate_rises_in_training_and_the_history_has_it():
    model, losses = _problem()
    optimizer = optim.Hypergradient(optim.SGD(model.parameters(), 0.001), beta=0.01)
    history = fit(model, losses[0], [()] * 100, optimizer, steps=100, progress=False)
    assert history.rate[0] == 0.001 and history.rate[-1] > 0.02
    twin, losses = _problem()
    fixed = fit(twin, losses[0], [()] * 100, optim.SGD(twin.parameters(), 0.001), steps=100,
                progress=False)  # fmt: skip
    assert fixed.loss[0] == history.loss[0] and history.loss[-1] < fixed.loss[-1] - 0.1


def test_float32_stays_float32():
    p = Parameter(np.ones((2, 3), np.float32))
    optimizer = optim.Hypergradient(optim.Adam([p], 0.1), beta=0.01)
    for _ in range(3):
        p.grad = np.ones((2, 3), np.float32)
        optimizer.step()
    assert p.data.dtype == np.float32 and isinstance(optimizer.rate, float)
    assert optimizer.rate > 0.1
    assert optimizer.optimizer.rate == optimizer.rate  # the one inside may go on alone


P = Parameter(np.ones(3))
MISTAKES = [
    (lambda: optim.Hypergradient([P], beta=0.1), TypeError,
     "Hypergradient: optimizer is a list, but must be an optimiser: SGD(model.parameters(), 0.1)"),
    (lambda: optim.Hypergradient(optim.SGD([P], 0.1), beta=-1.0), ValueError,
     "Hypergradient: beta is -1.0, but must be a number, 0 or above"),
    (lambda: optim.Hypergradient(optim.SGD([P], 0.1), beta=0.1).step(), RuntimeError,
     "step: no parameter has a gradient"),
]  # fmt: skip


@pytest.mark.parametrize("mistake, error, message", MISTAKES, ids=[m[2] for m in MISTAKES])
def test_message(mistake, error, message):
    with pytest.raises(error, match=re.escape(message)):
        mistake()


def test_a_rate_that_is_not_finite_is_said():
    p = Parameter(np.ones(3))
    optimizer = optim.Hypergradient(optim.SGD([p], 0.1), beta=1e300)
    p.grad = np.full(3, 1e10)
    optimizer.step()
    with pytest.raises(ValueError, match="Hypergradient: rate is inf, but must be a number"):
        optimizer.step()
