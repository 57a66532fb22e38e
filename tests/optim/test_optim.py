"""Optimisers, schedules, clipping: one step by hand, corner values, and what misuse says."""

import math
import re

import numpy as np
import pytest

from tinyffn import Tensor, nn, ops, optim
from tinyffn.nn import Parameter

OPTIMIZERS = {
    "SGD": lambda p, rate: optim.SGD(p, rate),
    "SGD with momentum": lambda p, rate: optim.SGD(p, rate, momentum=0.9),
    "SGD with Nesterov momentum": lambda p, rate: optim.SGD(p, rate, momentum=0.9, nesterov=True),
    "Adam": lambda p, rate: optim.Adam(p, rate),
    "AdamW": lambda p, rate: optim.AdamW(p, rate, weight_decay=0.1),
}
every_optimizer = pytest.mark.parametrize("make", OPTIMIZERS.values(), ids=OPTIMIZERS)


def _parameters(dtype=np.float64):
    rng = np.random.default_rng(1)
    return [Parameter(rng.standard_normal(shape).astype(dtype)) for shape in [(3, 4), (4,), ()]]


def _set_gradients(parameters, seed=2):
    rng = np.random.default_rng(seed)
    for p in parameters:
        p.grad = np.asarray(rng.standard_normal(p.shape), p.dtype)


def _data(parameters):
    return [p.data.copy() for p in parameters]


def test_sgd_with_momentum_by_hand():
    p = Parameter(np.array([1.0, -2.0]))
    optimizer = optim.SGD([p], 0.1, momentum=0.5)
    for gradient, expected in [([1.0, 2.0], [0.9, -2.2]), ([0.0, 4.0], [0.85, -2.7])]:
        p.grad = np.array(gradient)
        optimizer.step()
        np.testing.assert_allclose(p.data, expected, rtol=1e-15)


def test_nesterov_takes_its_gradient_where_the_momentum_leads():
    """Sutskever et al. 2013: v ← momentum v - rate dL(q + momentum v), then q ← q + v.

    Our parameter is their q + momentum v.
    """
    p, q, v = Parameter(np.array([3.0, -2.0])), np.array([3.0, -2.0]), np.zeros(2)
    rate, momentum, slope = 0.1, 0.7, np.array([1.0, 4.0])
    optimizer = optim.SGD([p], rate, momentum=momentum, nesterov=True)
    for _ in range(9):
        p.grad = slope * p.data  # of the loss Σ_i slope_i p_i² / 2
        optimizer.step()
        v = momentum * v - rate * slope * (q + momentum * v)
        q = q + v
        np.testing.assert_allclose(p.data, q + momentum * v, rtol=1e-13)


def test_the_first_steps_of_adam_have_the_length_of_the_rate():
    """However large a gradient is: the corrections for the bias to zero cancel."""
    p = Parameter(np.array([1.0, 1.0, 1.0]))
    optimizer = optim.Adam([p], 0.01, eps=1e-12)
    for step in (1, 2, 3):
        p.grad = np.array([1e-3, -5.0, 300.0])
        optimizer.step()
        np.testing.assert_allclose(p.data, 1.0 + 0.01 * step * np.array([-1, 1, -1]), rtol=1e-6)


def test_adam_equals_its_formula_also_for_a_parameter_that_misses_steps():
    rng, p, beta1, beta2, eps = np.random.default_rng(3), Parameter(np.ones(3)), 0.7, 0.9, 0.5
    q = Parameter(np.ones(3))
    optimizer = optim.Adam([q, p], 0.1, betas=(beta1, beta2), eps=eps)
    expected, m, v, t = np.ones(3), np.zeros(3), np.zeros(3), 0
    for step in range(9):
        q.grad, p.grad = np.ones(3), None
        if step % 3:
            p.grad = rng.standard_normal(3)
            t += 1
            m = beta1 * m + (1 - beta1) * p.grad
            v = beta2 * v + (1 - beta2) * p.grad**2
            root = np.sqrt(v / (1 - beta2**t))
            expected = expected - 0.1 * (m / (1 - beta1**t)) / (root + eps)
        optimizer.step()
        np.testing.assert_allclose(p.data, expected, rtol=1e-13)


def test_weight_decay_is_decoupled_from_the_gradient():
    """A weight shrinks by rate weight_decay, whatever the size of its gradient."""
    p, spared = Parameter(np.full((2, 3), 4.0)), Parameter(np.full(3, 4.0))
    optimizer = optim.AdamW([p, spared], 0.1, weight_decay=0.5, decays=optim.is_matrix)
    for _ in range(2):
        p.grad, spared.grad = np.zeros((2, 3)), np.zeros(3)
        optimizer.step()
    np.testing.assert_allclose(p.data, 4.0 * 0.95 * 0.95, rtol=1e-15)
    assert np.array_equal(spared.data, np.full(3, 4.0))
    assert optim.is_matrix(p) and not optim.is_matrix(spared)


def test_adamw_without_decay_is_adam():
    a, b = _parameters(), _parameters()
    adam, adamw = optim.Adam(a, 0.1), optim.AdamW(b, 0.1, weight_decay=0.0)
    for seed in range(3):
        _set_gradients(a, seed)
        _set_gradients(b, seed)
        adam.step()
        adamw.step()
    assert all(np.array_equal(p.data, q.data) for p, q in zip(a, b, strict=True))


@every_optimizer
def test_a_rate_of_zero_changes_nothing(make):
    parameters = _parameters()
    before, optimizer = _data(parameters), make(parameters, 0.0)
    for seed in range(3):
        _set_gradients(parameters, seed)
        optimizer.step()
    assert all(np.array_equal(a, b) for a, b in zip(before, _data(parameters), strict=True))


@every_optimizer
def test_a_parameter_without_gradient_is_left_alone(make):
    parameters = _parameters()
    before, optimizer = _data(parameters), make(parameters, 0.1)
    _set_gradients(parameters)
    parameters[1].grad = None
    optimizer.step()
    moved = [not np.array_equal(a, p.data) for a, p in zip(before, parameters, strict=True)]
    assert moved == [True, False, True]


@every_optimizer
def test_steps_are_in_place_and_leave_gradients_alone(make):
    parameters = _parameters(np.float32)
    optimizer = make(parameters, 0.1)
    _set_gradients(parameters)
    arrays, gradients = [p.data for p in parameters], [p.grad.copy() for p in parameters]
    optimizer.step()
    for p, data, gradient in zip(parameters, arrays, gradients, strict=True):
        assert p.data is data and p.dtype == np.float32
        assert np.array_equal(p.grad, gradient)


@every_optimizer
def test_a_numpy_rate_is_the_same_rate(make):
    a, b = _parameters(np.float32), _parameters(np.float32)
    for parameters, rate in ((a, 0.1), (b, np.float64(0.1))):
        optimizer = make(parameters, rate)
        _set_gradients(parameters)
        optimizer.step()
    assert all(np.array_equal(p.data, q.data) for p, q in zip(a, b, strict=True))


@every_optimizer
def test_steps_go_downhill(make):
    p = Parameter(np.array([3.0, -2.0, 0.5]))
    target = np.array([1.0, 1.0, 1.0])
    optimizer = make([p], 0.05)
    losses = []
    for _ in range(200):
        optimizer.zero_grad()
        loss = ops.mse(p, target)
        losses.append(loss.item())
        loss.backward()
        optimizer.step()
    assert losses[-1] < 0.01 * losses[0]


@every_optimizer
def test_a_parameter_listed_twice_steps_once(make):
    a, b = _parameters(), _parameters()
    once, twice = make(a, 0.1), make([*b, b[0], *b], 0.1)
    for seed in range(2):
        _set_gradients(a, seed)
        _set_gradients(b, seed)
        once.step()
        twice.step()
    assert all(np.array_equal(p.data, q.data) for p, q in zip(a, b, strict=True))


@every_optimizer
def test_zero_grad_forgets_and_a_step_without_gradient_raises(make):
    parameters = _parameters()
    optimizer = make(parameters, 0.1)
    with pytest.raises(RuntimeError, match=re.escape("call backward() on a loss first")):
        optimizer.step()
    _set_gradients(parameters)
    optimizer.zero_grad()
    assert all(p.grad is None for p in parameters)
    with pytest.raises(RuntimeError, match="step: no parameter has a gradient"):
        optimizer.step()


@every_optimizer
def test_a_change_of_type_after_the_optimiser_was_made_is_said(make):
    layer = nn.Linear(3, 2, rng=np.random.default_rng(0))
    optimizer = make(layer.parameters(), 0.1)
    _set_gradients(layer.astype(np.float64).parameters())
    with pytest.raises(RuntimeError, match="make the optimiser after astype"):
        optimizer.step()


@every_optimizer
@pytest.mark.parametrize("rate", [math.nan, -0.1, math.inf, None])
def test_a_schedule_that_goes_wrong_is_stopped_before_it_changes_weights(make, rate):
    parameters = _parameters()
    optimizer = make(parameters, 0.1)
    with pytest.raises(ValueError, match=re.escape(f"rate is {rate!r}, but must be a number, 0")):
        optimizer.rate = rate
    assert optimizer.rate == 0.1


@pytest.mark.parametrize("share", [0.1, 0.6, 0.999])
def test_clipping_scales_all_gradients_by_one_factor(share):
    parameters = _parameters()
    _set_gradients(parameters)
    gradients = [p.grad.copy() for p in parameters]
    norm = math.sqrt(sum(np.sum(g * g) for g in gradients))
    assert optim.clip_global_norm(parameters, share * norm) == pytest.approx(norm, rel=1e-14)
    for p, g in zip(parameters, gradients, strict=True):
        np.testing.assert_allclose(p.grad, g * share, rtol=1e-14)
    assert optim.clip_global_norm(parameters, norm) == pytest.approx(share * norm, rel=1e-14)


def test_clipping_leaves_short_gradients_alone_bit_for_bit():
    parameters = _parameters(np.float32)
    _set_gradients(parameters)
    gradients = [p.grad.copy() for p in parameters]
    for max_norm in (100.0, math.inf):
        optim.clip_global_norm(parameters, max_norm)
        assert all(np.array_equal(p.grad, g) for p, g in zip(parameters, gradients, strict=True))


def test_clipping_counts_a_parameter_listed_twice_once():
    p = Parameter(np.array([1.0, 1.0]))
    p.grad = np.array([3.0, 4.0])
    assert optim.clip_global_norm([p, p], 1.0) == 5.0
    np.testing.assert_allclose(p.grad, [0.6, 0.8], rtol=1e-15)


def test_clipping_without_gradients_measures_zero():
    assert optim.clip_global_norm(_parameters(), 1.0) == 0.0
    assert optim.clip_global_norm([], 1.0) == 0.0


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_clipping_refuses_what_is_not_finite_and_scales_nothing(bad):
    parameters = _parameters()
    _set_gradients(parameters)
    parameters[1].grad[2] = bad
    gradients = [p.grad.copy() for p in parameters]
    with pytest.raises(FloatingPointError, match="a gradient is infinite or not a number"):
        optim.clip_global_norm(parameters, 0.1)
    for p, g in zip(parameters, gradients, strict=True):
        assert np.array_equal(p.grad, g, equal_nan=True)


def test_clipping_survives_gradients_whose_squares_overflow_float32():
    p = Parameter(np.ones(2, np.float32))
    p.grad = np.array([3e25, 4e25], np.float32)
    assert optim.clip_global_norm([p], 1.0) == pytest.approx(5e25, rel=1e-6)
    np.testing.assert_allclose(p.grad, [0.6, 0.8], rtol=1e-6)


def test_warmup_cosine_at_its_corners():
    rate = optim.warmup_cosine(2.0, warmup_steps=4, total_steps=10, final=0.5)
    assert [rate(step) for step in range(5)] == [0.5, 1.0, 1.5, 2.0, 2.0]
    assert rate(7) == pytest.approx(1.25, rel=1e-15)  # half way down
    assert rate(10) == rate(11) == rate(1000) == 0.5
    falling = [rate(step) for step in range(4, 11)]
    assert falling == sorted(falling, reverse=True)


def test_warmup_cosine_without_warmup_starts_at_the_peak():
    rate = optim.warmup_cosine(2.0, warmup_steps=0, total_steps=1)
    assert rate(0) == 2.0 and rate(1) == 0.0


def test_constant_is_constant():
    assert {optim.constant(0.3)(step) for step in (0, 1, 10**9)} == {0.3}


P = Parameter(np.ones((2, 3)))
NOT_RATES = [-0.1, math.nan, math.inf, None, "0.1", True]
NOT_SHARES = [-0.1, 1.0, math.nan, None, True]
NOT_ABOVE_ZERO = [0.0, -1.0, math.nan, math.inf, None]
NUMBERS = {
    "SGD: rate": (NOT_RATES, lambda v: optim.SGD([P], v)),
    "Adam: rate": (NOT_RATES, lambda v: optim.Adam([P], v)),
    "AdamW: rate": (NOT_RATES, lambda v: optim.AdamW([P], v)),
    "SGD: momentum": (NOT_SHARES, lambda v: optim.SGD([P], 0.1, momentum=v)),
    "Adam: beta1": (NOT_SHARES, lambda v: optim.Adam([P], 0.1, betas=(v, 0.9))),
    "AdamW: beta2": (NOT_SHARES, lambda v: optim.AdamW([P], 0.1, betas=(0.9, v))),
    "Adam: eps": (NOT_ABOVE_ZERO, lambda v: optim.Adam([P], 0.1, eps=v)),
    "AdamW: weight_decay": (NOT_RATES, lambda v: optim.AdamW([P], 0.1, weight_decay=v)),
    "warmup_cosine: peak": (
        NOT_RATES, lambda v: optim.warmup_cosine(v, warmup_steps=1, total_steps=3)),
    "warmup_cosine: final": (
        NOT_RATES, lambda v: optim.warmup_cosine(1.0, warmup_steps=1, total_steps=3, final=v)),
    "constant: rate": (NOT_RATES, lambda v: optim.constant(v)),
}  # fmt: skip


@pytest.mark.parametrize(
    "name, value", [(name, v) for name, (values, _) in NUMBERS.items() for v in values]
)
def test_numbers_lie_where_they_must(name, value):
    with pytest.raises(ValueError, match=re.escape(f"{name} is {value!r}, but must be a number")):
        NUMBERS[name][1](value)


LAYER = nn.Linear(2, 3, rng=np.random.default_rng(0))
MISTAKES = [
    (lambda: optim.SGD([], 0.1), ValueError, "SGD: there are no parameters to train"),
    (lambda: optim.SGD(LAYER, 0.1), TypeError,
     "SGD: parameters is a Linear, but must be a list: pass model.parameters()"),
    (lambda: optim.SGD(LAYER.w, 0.1), TypeError,
     "SGD: parameters is a Parameter, but must be a list: pass model.parameters()"),
    (lambda: optim.SGD(LAYER.state_dict(), 0.1), TypeError, "'w' is no Parameter: pass model.par"),
    (lambda: optim.SGD(LAYER.named_parameters(), 0.1), TypeError, "is no Parameter: pass model.p"),
    (lambda: optim.SGD([Tensor([1.0])], 0.1), TypeError, "is no Parameter: pass model.parameters"),
    (lambda: optim.SGD([LAYER.w * 2.0], 0.1), TypeError, "is no Parameter: pass model.parameters"),
    (lambda: optim.SGD([np.ones(3)], 0.1), TypeError, "is no Parameter: pass model.parameters()"),
    (lambda: optim.SGD([P], 0.1, nesterov=True), ValueError,
     "SGD: nesterov needs a momentum above 0, such as 0.9"),
    (lambda: optim.Adam([P], 0.1, betas=0.9), ValueError, "Adam: betas is 0.9, but must be two"),
    (lambda: optim.Adam([P], 0.1, betas=(0.9,)), ValueError, "betas is (0.9,), but must be two"),
    (lambda: optim.AdamW([P], 0.1, decays=None), TypeError,
     "AdamW: decays is None, but must be a function"),
    (lambda: optim.clip_global_norm([P], 0.0), ValueError,
     "clip_global_norm: max_norm is 0.0, but must be a number above 0"),
    (lambda: optim.clip_global_norm([P], math.nan), ValueError, "max_norm is nan, but must be"),
    (lambda: optim.clip_global_norm([P], None), ValueError, "max_norm is None, but must be"),
    (lambda: optim.clip_global_norm(LAYER, 1.0), TypeError,
     "clip_global_norm: parameters is a Linear, but must be a list: pass model.parameters()"),
    (lambda: optim.clip_global_norm(LAYER.w, 1.0), TypeError,
     "clip_global_norm: parameters is a Parameter, but must be a list: pass model.parameters()"),
    (lambda: optim.warmup_cosine(1.0, warmup_steps=5, total_steps=5), ValueError,
     "warmup_cosine: warmup_steps = 5 must be whole, at least 0 and below total_steps = 5"),
    (lambda: optim.warmup_cosine(1.0, warmup_steps=-1, total_steps=5), ValueError,
     "warmup_steps = -1 must be whole, at least 0"),
    (lambda: optim.warmup_cosine(1.0, warmup_steps=0.5, total_steps=5), ValueError,
     "warmup_steps = 0.5 must be whole, at least 0"),
    (lambda: optim.warmup_cosine(1.0, warmup_steps=0, total_steps=0), ValueError,
     "warmup_cosine: total_steps is 0, but must be a whole number above 0"),
    (lambda: optim.warmup_cosine(1.0, warmup_steps=1, total_steps=3)(-1), ValueError,
     "warmup_cosine: step is -1, but must be a number, 0 or above"),
]  # fmt: skip


@pytest.mark.parametrize("mistake, error, message", MISTAKES, ids=[m[2] for m in MISTAKES])
def test_message(mistake, error, message):
    with pytest.raises(error, match=re.escape(message)):
        mistake()
