"""Optimisers, schedules and clipping against PyTorch: whole trajectories, not single steps."""

import numpy as np
import pytest

from tinyffn import Tensor, nn, ops, optim

STEPS = 50
TOLERANCE = 1e-10
SHAPES = {"w": (4, 3), "gain": (3,), "table": (5, 3), "scale": ()}

# One row an optimiser: ours, and PyTorch's. PyTorch has no `decays`: it takes groups instead.
OPTIMIZERS = {
    "SGD": (lambda p: optim.SGD(p, 0.05), lambda t, p: t.optim.SGD(p, 0.05)),
    "SGD with momentum": (
        lambda p: optim.SGD(p, 0.02, momentum=0.9),
        lambda t, p: t.optim.SGD(p, 0.02, momentum=0.9),
    ),
    "SGD with Nesterov momentum": (
        lambda p: optim.SGD(p, 0.02, momentum=0.9, nesterov=True),
        lambda t, p: t.optim.SGD(p, 0.02, momentum=0.9, nesterov=True),
    ),
    "Adam": (
        lambda p: optim.Adam(p, 0.03, betas=(0.8, 0.95), eps=1e-3),
        lambda t, p: t.optim.Adam(p, 0.03, (0.8, 0.95), 1e-3),
    ),
    "AdamW": (
        lambda p: optim.AdamW(p, 0.03, weight_decay=0.3),
        lambda t, p: t.optim.AdamW(p, 0.03, weight_decay=0.3),
    ),
    "AdamW, matrices only": (
        lambda p: optim.AdamW(p, 0.03, weight_decay=0.3, decays=optim.is_matrix),
        lambda t, p: t.optim.AdamW(
            [
                {"params": [a for a in p if a.ndim >= 2], "weight_decay": 0.3},
                {"params": [a for a in p if a.ndim < 2], "weight_decay": 0.0},
            ],
            0.03,
        ),
    ),
}


def _leaves(torch):
    rng = np.random.default_rng(91)
    arrays = [rng.standard_normal(shape) for shape in SHAPES.values()]
    ours = [nn.Parameter(a) for a in arrays]
    return ours, [torch.tensor(p.data, requires_grad=True) for p in ours]


def _loss(tanh, p, x):
    w, gain, table, scale = p
    return ((tanh(x @ w) * gain - table) * (scale * scale)).__pow__(2)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_trajectory_equals_torch(torch, agree, name):
    ours, theirs = _leaves(torch)
    make, make_torch = OPTIMIZERS[name]
    optimizer, optimizer_torch = make(ours), make_torch(torch, theirs)
    rng = np.random.default_rng(92)
    for step in range(STEPS):
        x = rng.standard_normal((5, 4))
        optimizer.zero_grad()
        optimizer_torch.zero_grad()
        ops.mean(_loss(ops.tanh, ours, Tensor(x))).backward()
        _loss(torch.tanh, theirs, torch.tensor(x)).mean().backward()
        optimizer.step()
        optimizer_torch.step()
        for part, a, b in zip(SHAPES, ours, theirs, strict=True):
            agree(f"{part} after {step + 1} steps", a.data, b, TOLERANCE)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_parameter_that_misses_steps_keeps_its_own_count(torch, agree, name):
    """The second parameter has a gradient every third step only; Adam's t is then its own."""
    ours, theirs = _leaves(torch)
    make, make_torch = OPTIMIZERS[name]
    optimizer, optimizer_torch = make(ours), make_torch(torch, theirs)
    rng = np.random.default_rng(93)
    for step in range(STEPS):
        for i, (a, b) in enumerate(zip(ours, theirs, strict=True)):
            takes_part = i != 1 or step % 3 == 2
            a.grad = np.array(rng.standard_normal(a.shape)) if takes_part else None
            b.grad = torch.tensor(a.grad) if takes_part else None
        optimizer.step()
        optimizer_torch.step()
        for part, a, b in zip(SHAPES, ours, theirs, strict=True):
            agree(f"{part} after {step + 1} steps", a.data, b, TOLERANCE)


@pytest.mark.parametrize("warmup, total, final", [(7, 41, 0.0), (1, 50, 0.02), (10, 30, 0.05)])
def test_warmup_cosine_equals_torchs_schedulers_in_sequence(torch, warmup, total, final):
    peak = 0.3
    rate = optim.warmup_cosine(peak, warmup_steps=warmup, total_steps=total, final=final)
    theirs = torch.optim.SGD([torch.zeros(1, requires_grad=True)], peak)
    rise = torch.optim.lr_scheduler.LambdaLR(theirs, lambda step: (step + 1) / warmup)
    fall = torch.optim.lr_scheduler.CosineAnnealingLR(theirs, total - warmup, final)
    schedule = torch.optim.lr_scheduler.SequentialLR(theirs, [rise, fall], [warmup])
    for step in range(total + 1):
        assert rate(step) == pytest.approx(schedule.get_last_lr()[0], rel=1e-12, abs=1e-15), step
        theirs.step()
        schedule.step()


def test_warmup_is_linear_as_torchs(torch):
    rate = optim.warmup_cosine(0.4, warmup_steps=STEPS, total_steps=STEPS + 1)
    theirs = torch.optim.SGD([torch.zeros(1, requires_grad=True)], 0.4)
    rise = torch.optim.lr_scheduler.LinearLR(theirs, 1 / STEPS, 1.0, STEPS - 1)
    for step in range(STEPS):
        assert rate(step) == pytest.approx(rise.get_last_lr()[0], rel=1e-12), step
        theirs.step()
        rise.step()


@pytest.mark.parametrize("max_norm", [0.5, 3.0, 1000.0])
def test_clipping_equals_torch(torch, agree, max_norm):
    ours, theirs = _leaves(torch)
    rng = np.random.default_rng(94)
    for a, b in zip(ours, theirs, strict=True):
        a.grad = np.array(3.0 * rng.standard_normal(a.shape))
        b.grad = torch.tensor(a.grad)
    ours[1].grad, theirs[1].grad = None, None
    norm = optim.clip_global_norm(ours, max_norm)
    norm_torch = torch.nn.utils.clip_grad_norm_(theirs, max_norm)
    assert norm == pytest.approx(float(norm_torch), rel=1e-12)
    assert (norm > max_norm) == (max_norm < 1000)
    # PyTorch divides by norm + 1e-6, so that its gradients come out shorter by that share.
    short = norm / (norm + 1e-6) if norm > max_norm else 1.0
    for part, a, b in zip(SHAPES, ours, theirs, strict=True):
        if a.grad is not None:
            agree(part, np.asarray(a.grad * short), b.grad, 1e-12)


@pytest.mark.parametrize("patience, cooldown, final", [(0, 0, 0.0), (2, 3, 0.0), (1, 1, 0.01)])
def test_reduce_on_plateau_equals_torchs(torch, patience, cooldown, final):
    rng = np.random.default_rng(95)
    losses = np.abs(3.0 / np.arange(1, 81) + 0.2 * rng.standard_normal(80)) + 0.5
    settings = {"factor": 0.7, "patience": patience, "cooldown": cooldown, "threshold": 0.03}
    theirs = torch.optim.SGD([torch.zeros(1, requires_grad=True)], 0.3)
    schedule = torch.optim.lr_scheduler.ReduceLROnPlateau(theirs, min_lr=final, eps=0, **settings)
    seen, rates = [], set()
    ours = optim.reduce_on_plateau(0.3, seen, final=final, **settings)
    for loss in losses.tolist():
        seen.append(loss)
        schedule.step(loss)
        rates.add(ours(len(seen)))
        assert ours(len(seen)) == pytest.approx(theirs.param_groups[0]["lr"], rel=1e-12)
    assert len(rates) > 5


@pytest.mark.parametrize("decay", [1.0, 0.8])
def test_averages_equal_torchs(torch, agree, decay):
    """PyTorch's fading mean begins with the first parameters instead of correcting for a zero.

    After n looks it is (1 - decay^n) ours + decay^n first.
    """
    ours, theirs = _leaves(torch)
    module, first = torch.nn.ParameterList(theirs), [p.data.copy() for p in ours]
    swa = torch.optim.swa_utils
    rule = {} if decay == 1.0 else {"multi_avg_fn": swa.get_ema_multi_avg_fn(decay)}
    average = optim.WeightAverage(ours, decay=decay)
    average_torch = swa.AveragedModel(module, **rule)
    rng = np.random.default_rng(96)
    for step in range(STEPS):
        for a, b in zip(ours, theirs, strict=True):
            change = rng.standard_normal(a.shape) if step else np.zeros(a.shape)
            a.data += change
            b.data += torch.tensor(change)
        average.see(step)
        average_torch.update_parameters(module)
        faded = 0.0 if decay == 1.0 else decay ** (step + 1)
        for part, mean, start, b in zip(
            SHAPES, average.mean, first, average_torch.parameters(), strict=True
        ):
            expected = np.asarray((1.0 - faded) * mean + faded * start)
            agree(f"{part} after {step + 1} looks", expected, b, 1e-12)
