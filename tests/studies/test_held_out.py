"""Held-out bits: a mean over targets, whatever the batches."""

import math

import numpy as np
import pytest

from tinyffn.graph import no_grad
from tinyffn.models import WindowMLP, transformer
from tinyffn.ops.loss import IGNORED
from tinyffn.studies.held_out import held_out_bits, held_out_surprises, mean_bits, window_bits

SIZES = {"context": 12, "d_model": 16, "n_heads": 2, "d_ff": 24, "n_layers": 1}


def _model():
    return WindowMLP(9, 3, 4, 5, rng=np.random.default_rng(2)).astype(np.float64)


@pytest.mark.parametrize("batch_size", [1, 4, 64])
def test_the_batches_do_not_matter_though_they_hold_unequal_numbers_of_targets(batch_size):
    rng = np.random.default_rng(3)
    ids, targets = rng.integers(0, 9, (10, 2, 3)), rng.integers(0, 9, (10, 2))
    targets[:7, 0] = IGNORED
    model = _model()
    logits = model(ids).data
    log_p = logits - np.log(np.exp(logits).sum(axis=-1, keepdims=True))
    bits = [
        -log_p[place][targets[place]] / math.log(2)
        for place in np.ndindex(10, 2)
        if targets[place] != IGNORED
    ]
    assert len(bits) == 13
    given = mean_bits(model, ids, targets, batch_size=batch_size)
    assert given == pytest.approx(np.mean(bits), rel=1e-12)


def test_window_bits_score_every_id_that_has_a_full_window_before_it():
    ids = np.random.default_rng(4).integers(0, 9, 1500)
    model = _model()
    nats = [model.loss(ids[None, i - 3 : i], ids[i : i + 1]).item() for i in range(3, 1500)]
    assert window_bits(model, ids) == pytest.approx(np.mean(nats) / math.log(2), rel=1e-12)


def test_a_model_that_knows_nothing_needs_the_logarithm_of_its_vocabulary():
    model = _model()
    for p in model.parameters():
        p.data[...] = 0.0
    assert window_bits(model, np.arange(9)) == pytest.approx(math.log2(9), rel=1e-12)


def test_the_model_is_in_training_mode_again_afterwards_and_has_no_gradient():
    model = _model().train()
    window_bits(model, np.arange(9))
    assert model.training and model.token.table.grad is None


def test_too_few_ids_for_a_window_are_named():
    with pytest.raises(ValueError, match="window_bits: 3 ids are too few for a window of 3 and"):
        window_bits(_model(), np.arange(3))


@pytest.mark.parametrize("n_targets", [5, 13, 0])
def test_ids_and_targets_must_have_equally_many_rows(n_targets):
    ids, targets = np.zeros((10, 2), int), np.zeros(n_targets, int)
    with pytest.raises(ValueError, match=f"ids hold 10 rows and targets {n_targets}, but must"):
        mean_bits(None, ids, targets)


def test_nothing_has_no_mean():
    with pytest.raises(ValueError, match="ids hold 0 rows and targets 0, but must hold equally"):
        mean_bits(None, np.zeros((0, 2), int), np.zeros(0, int))


def test_a_batch_has_one_row_or_more():
    with pytest.raises(ValueError, match="mean_bits: batch_size is -1, but must be a whole number"):
        mean_bits(None, np.zeros((3, 2), int), np.zeros(3, int), batch_size=-1)


@pytest.mark.parametrize("n", [13, 14, 18, 19, 24, 25, 40, 41, 1000])
@pytest.mark.parametrize("context", [12, 5, 1])
def test_held_out_bits_score_every_id_once_with_half_a_context(n, context):
    """The same, id by id: windows start every half context, the last one ends at the end."""
    ids = np.random.default_rng(n).integers(0, 9, n)
    model = transformer(
        vocab_size=9, **(SIZES | {"context": context}), rng=np.random.default_rng(2)
    ).astype(np.float64)
    nats, done, half = 0.0, 0, max(1, context // 2)
    starts = [*range(0, n - 1 - context, half), n - 1 - context]
    for start in starts:
        with no_grad():
            logits = model(ids[None, start : start + context]).data[0]
        for t in range(context):
            if start + t >= done:  # the target of position start + t is not scored yet
                assert t >= context - half or start == 0 or start == starts[-1]
                row = logits[t]
                nats += np.log(np.exp(row).sum()) - row[ids[start + t + 1]]
                done += 1
    assert done == n - 1
    given = held_out_bits(model, ids)
    assert given == pytest.approx(nats / (n - 1) / math.log(2), rel=1e-12)


def test_held_out_bits_needs_a_window():
    model = transformer(vocab_size=9, **SIZES, rng=np.random.default_rng(2))
    with pytest.raises(ValueError, match="held_out_bits: 12 ids are too few for a context of 12"):
        held_out_bits(model, np.zeros(12, np.int64))


def test_held_out_bits_ask_for_no_dropout():
    model = transformer(vocab_size=9, **SIZES, rng=np.random.default_rng(2), dropout=0.5)
    ids = np.random.default_rng(3).integers(0, 9, 60)
    assert held_out_bits(model, ids) == held_out_bits(model.eval(), ids)


@pytest.mark.parametrize("n", [13, 40, 41])
@pytest.mark.parametrize("batch_size", [1, 64])
def test_surprises_are_the_bits_of_each_id_in_order(n, batch_size):
    """The first ids rest on one window, whose logits are at hand."""
    model = transformer(vocab_size=9, **SIZES, rng=np.random.default_rng(2)).astype(np.float64)
    ids = np.random.default_rng(n).integers(0, 9, n)
    each = held_out_surprises(model, ids, batch_size=batch_size)
    assert each.shape == (n - 1,)
    assert each.mean() == pytest.approx(held_out_bits(model, ids), rel=1e-12)
    logits = model(ids[None, :12]).data[0]
    nats = np.log(np.exp(logits).sum(axis=-1)) - logits[np.arange(12), ids[1:13]]
    np.testing.assert_allclose(each[:12], nats / math.log(2))
    with pytest.raises(ValueError, match="held_out_surprises: batch_size is 0"):
        held_out_surprises(model, ids, batch_size=0)
