"""The logit lens: it reads every depth, and at the end it is the model itself."""

import math

import numpy as np
import pytest

from tinyffn import ops
from tinyffn.models import transformer
from tinyffn.studies.held_out import held_out_bits
from tinyffn.studies.lens import depths, lens_bits, lens_chances

SIZES = {"vocab_size": 9, "context": 12, "d_model": 16, "n_heads": 2, "d_ff": 24, "n_layers": 2}


def _model(**settings):
    model = transformer(**SIZES, **settings, rng=np.random.default_rng(1)).astype(np.float64)
    for p in model.parameters():  # no norm without a gain of its own, no bias of zero
        p.data += 0.1 * np.random.default_rng(2).normal(size=p.shape)
    return model


@pytest.mark.parametrize(
    ("settings", "names"),
    [
        ({}, ["embedding", "attention 1", "FFN 1", "attention 2", "FFN 2"]),
        ({"attention": False}, ["embedding", "FFN 1", "FFN 2"]),
        ({"feed_forward": False}, ["embedding", "attention 1", "attention 2"]),
    ],
)
def test_every_sublayer_is_read_and_the_last_reading_is_the_model_s(settings, names):
    model = _model(**settings)
    ids = np.random.default_rng(3).integers(0, 9, 100)
    assert depths(model) == names
    bits = lens_bits(model, ids, batch_size=5)
    assert len(bits) == len(names)
    assert bits[-1] == pytest.approx(held_out_bits(model, ids), rel=1e-12)
    chances = lens_chances(model, ids[:12])
    assert chances.shape == (len(names), 12, 9)
    np.testing.assert_allclose(chances.sum(axis=-1), 1)
    np.testing.assert_allclose(chances[-1], ops.softmax(model(ids[None, :12])).data[0])


def test_the_first_reading_is_of_the_embeddings_alone():
    model = _model()
    ids = np.random.default_rng(4).integers(0, 9, 13)
    x = model.token.table.data[ids[:12]] + model.position.data
    logits = model.head(model.norm(x)).data
    nats = np.log(np.exp(logits).sum(axis=-1)) - logits[np.arange(12), ids[1:]]
    assert lens_bits(model, ids)[0] == pytest.approx(nats.mean() / math.log(2), rel=1e-12)


def test_nobody_trains_while_the_lens_looks():
    model = _model(dropout=0.5).train()
    ids = np.random.default_rng(5).integers(0, 9, 40)
    assert lens_bits(model, ids) == lens_bits(model, ids)
    assert model.training and model.head.w.grad is None
