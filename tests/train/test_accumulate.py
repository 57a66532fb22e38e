"""Accumulation: many small batches give the gradient of the large one that holds them all."""

import re

import numpy as np
import pytest

from tinyffn import Tensor, nn, ops, optim
from tinyffn.ops.loss import IGNORED
from tinyffn.train import accumulate_gradients, alike, counted_targets, fit

VOCAB_SIZE, LONGEST = 7, 40


def _model(dtype=np.float64):
    rng = np.random.default_rng(1)
    layers = nn.Embedding(VOCAB_SIZE, 5, rng=rng), ops.tanh, nn.Linear(5, VOCAB_SIZE, rng=rng)
    model = nn.Sequential(*layers).astype(dtype)
    for p in model.parameters():
        p.data[...] = rng.standard_normal(p.shape)
    return model, lambda ids, targets: ops.cross_entropy(model(ids), targets=targets)


def _ragged(n, seed=2):
    """Batches (ids, targets), both (1 to 3, LONGEST), of lines of any length; short ones often."""
    rng = np.random.default_rng(seed)
    batches = []
    for _ in range(n):
        ids, targets = rng.integers(0, VOCAB_SIZE, (2, rng.integers(1, 4), LONGEST))
        lengths = rng.geometric(0.1, (len(ids), 1)).clip(1, LONGEST)
        # What comes next is easier to know in a long line, as in real text.
        targets = np.where(rng.random(targets.shape) < lengths / LONGEST, ids, targets)
        targets[np.arange(LONGEST) >= lengths] = IGNORED
        batches.append((ids, targets))
    return batches


def _whole(batches):
    return tuple(np.concatenate(parts) for parts in zip(*batches, strict=True))


def _gradients(loss, model, batches, weight):
    for p in model.parameters():
        p.grad = None
    mean = accumulate_gradients(loss, batches, weight)
    return mean, np.concatenate([p.grad.ravel() for p in model.parameters()])


def test_32_ragged_batches_have_the_gradient_of_the_whole_and_the_mean_of_means_has_not():
    model, loss = _model()
    batches = _ragged(32)
    assert len({counted_targets(*batch) for batch in batches}) > 10
    y = loss(*_whole(batches))
    y.backward()
    whole = np.concatenate([p.grad.ravel() for p in model.parameters()])

    mean, gradient = _gradients(loss, model, batches, counted_targets)
    assert mean == pytest.approx(y.item(), rel=1e-13)
    assert np.linalg.norm(gradient - whole) < 1e-12 * np.linalg.norm(whole)

    mean, gradient = _gradients(loss, model, batches, alike)
    assert mean != pytest.approx(y.item(), rel=1e-2)
    assert np.linalg.norm(gradient - whole) > 0.1 * np.linalg.norm(whole)


def test_batches_of_one_size_count_alike():
    model, loss = _model()
    batches = list(np.random.default_rng(3).integers(0, VOCAB_SIZE, (4, 2, 3, 5)))
    loss(*np.concatenate(batches, axis=1)).backward()
    whole = np.concatenate([p.grad.ravel() for p in model.parameters()])
    for weight in (alike, counted_targets):
        _, gradient = _gradients(loss, model, batches, weight)
        np.testing.assert_allclose(gradient, whole, rtol=0, atol=1e-15)


def test_training_on_micro_batches_is_training_on_the_whole():
    models = []
    for accumulate in (1, 8):
        model, loss = _model()
        optimizer = optim.SGD(model.parameters(), 0.3, momentum=0.9)
        batches = _ragged(24)
        if accumulate == 1:
            batches = [_whole(batches[i : i + 8]) for i in (0, 8, 16)]
        history = fit(model, loss, batches, optimizer, steps=3, max_norm=0.5, accumulate=accumulate,
                      weight=counted_targets, progress=False)  # fmt: skip
        assert history.step == [0, 1, 2] and max(history.grad_norm) > 0.5
        models.append((history, model))
    (whole, a), (parts, b) = models
    np.testing.assert_allclose(parts.loss, whole.loss, rtol=1e-13)
    np.testing.assert_allclose(parts.grad_norm, whole.grad_norm, rtol=1e-12)
    for p, q in zip(a.parameters(), b.parameters(), strict=True):
        np.testing.assert_allclose(p.data, q.data, rtol=0, atol=1e-13)


def test_a_batch_in_which_nothing_counts_is_left_out():
    model, loss = _model()
    batches = _ragged(3)
    nothing = (batches[0][0], np.full_like(batches[0][1], IGNORED))
    _, expected = _gradients(loss, model, batches, counted_targets)
    _, gradient = _gradients(loss, model, [nothing, *batches], counted_targets)
    assert np.array_equal(gradient, expected)


def test_float32_stays_float32():
    model, loss = _model(np.float32)
    accumulate_gradients(loss, _ragged(3), lambda *batch: np.float64(counted_targets(*batch)))
    assert all(p.grad.dtype == np.float32 for p in model.parameters())


def test_counted_targets_reads_the_last_part():
    ids = np.full((2, 3), IGNORED)
    assert counted_targets(ids, ids, [[4, IGNORED, 0], [IGNORED, 2, 1]]) == 4
    assert counted_targets(ids) == 0 and counted_targets(np.zeros(5, int)) == 5
    assert alike() == alike(ids, ids) == 1


def _fit(**settings):
    model, loss = _model()
    settings = {"steps": 2, "accumulate": 2, "weight": alike, "progress": False} | settings
    return fit(model, loss, _ragged(3), optim.SGD(model.parameters(), 0.1), **settings)


LOSS, BATCH = lambda ids, targets: Tensor(1.0), _ragged(1)
MISTAKES = [
    (lambda: _fit(weight=None), TypeError, "fit: accumulate is 2, but weight is missing: it says"),
    (lambda: _fit(weight=8), TypeError, "fit: weight is 8, but must be a function"),
    (lambda: _fit(accumulate=0), ValueError, "fit: accumulate is 0, but must be a whole number"),
    (lambda: _fit(), ValueError, "fit: batches ran out before step 1"),
    (lambda: accumulate_gradients(LOSS, BATCH, lambda *batch: -1), ValueError,
     "accumulate_gradients: the weight of batch 0 is -1, but must be a number, 0 or above"),
    (lambda: accumulate_gradients(LOSS, BATCH, lambda *batch: 0), ValueError,
     "accumulate_gradients: the weights add up to 0: nothing counts"),
    (lambda: accumulate_gradients(lambda *batch: 1.0, BATCH, alike), TypeError,
     "accumulate_gradients: loss gave a float, but must give a Tensor of one number"),
    (lambda: accumulate_gradients(lambda *batch: Tensor([1.0, 2.0]), BATCH, alike), ValueError,
     "accumulate_gradients: loss gave a Tensor (2,), but must give a Tensor of one number: take"),
]  # fmt: skip


@pytest.mark.parametrize("mistake, error, message", MISTAKES, ids=[m[2] for m in MISTAKES])
def test_message(mistake, error, message):
    with pytest.raises(error, match=re.escape(message)):
        mistake()
