"""Values read as logits: by the model's own norm and head, and right about what they add."""

import re

import numpy as np
import pytest

from tinyffn import Tensor, nn, ops
from tinyffn.models import perception, transformer
from tinyffn.studies.keyvalue.memories import memories
from tinyffn.studies.keyvalue.values import (
    added_logits,
    norm_scale,
    token_ranks,
    value_logits,
    value_tokens,
)


def model_of(norm=nn.LayerNorm, **parts):
    rng = np.random.default_rng(0)
    model = transformer(7, 4, 8, 2, 12, 2, rng=rng, norm=norm, **parts).astype(np.float64)
    for p in model.parameters():  # no norm without a gain and a bias of its own
        p.data += 0.3 * rng.standard_normal(p.shape)
    return model


every_model = pytest.mark.parametrize(
    "parts",
    [
        {"norm": norm, "gate_op": gate_op, "tied": tied}
        for norm in (nn.LayerNorm, nn.RMSNorm)
        for gate_op in (None, ops.swiglu)
        for tied in (False, True)
    ],
    ids=str,
)


@every_model
def test_what_a_stream_adds_divided_and_with_the_bias_is_what_the_model_reads(parts):
    model = model_of(**parts)
    x = np.random.default_rng(1).standard_normal((3, 5, 8))
    bias = model.norm.bias.data if parts["norm"] is nn.LayerNorm else np.zeros(8)
    logits = added_logits(model, x) / norm_scale(model, x) + bias @ model.head.w.data
    np.testing.assert_allclose(logits, model.read(Tensor(x)).data, atol=1e-12)
    a, b = x[:2]
    both = added_logits(model, a) + 2 * added_logits(model, b)
    np.testing.assert_allclose(added_logits(model, a + 2 * b), both, atol=1e-12)


@every_model
def test_the_order_of_tokens_depends_on_the_sign_of_a_coefficient_alone(parts):
    model = model_of(**parts)
    values = memories(model)[0].values
    logits = value_logits(model, values)
    assert logits.shape == (12, 7)
    np.testing.assert_allclose(value_logits(model, 50 * values), logits, rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(value_logits(model, -values), -logits, atol=1e-14)
    order = value_tokens(model, values, 7)
    assert np.array_equal(order, value_tokens(model, 1000 * values, 7))
    assert np.array_equal(order[:, ::-1], value_tokens(model, -values, 7))


@pytest.mark.parametrize("norm", [nn.LayerNorm, nn.RMSNorm])
def test_more_of_a_value_raises_its_top_token_most(norm):
    """The norm's division is held as it is."""
    model = model_of(norm)
    x = np.random.default_rng(2).standard_normal(8)
    for v in memories(model)[1].values:
        raised = added_logits(model, x + 0.1 * v) - added_logits(model, x)
        assert raised.argmax() == value_tokens(model, v)[0]


def test_without_a_bias_a_value_is_read_as_a_stream_of_its_own():
    model = model_of(nn.RMSNorm)
    values = memories(model)[0].values
    np.testing.assert_allclose(value_logits(model, values), model.read(Tensor(values)).data)


def test_the_values_of_experts_are_read_too():
    rng = np.random.default_rng(3)
    model = perception(7, 4, 8, 12, 1, rng=rng, n_experts=3)
    for expert in model.blocks[0].experts.experts:
        assert value_tokens(model, expert.down.w.data, 2).shape == (12, 2)


def test_the_norm_has_its_say():
    """A gain that is not the same everywhere changes what a value says."""
    model = model_of(nn.RMSNorm)
    values = memories(model)[0].values
    top = value_tokens(model, values)
    assert np.any(top[:, 0] != (values @ model.head.w.data).argmax(axis=1))


def test_ranks_begin_at_one_and_of_equal_logits_the_lower_id_is_first():
    logits = np.array([[3.0, 1.0, 2.0], [1.0, 1.0, 1.0], [0.0, 5.0, 0.0]])
    assert token_ranks(logits, [0, 1, 2]).tolist() == [1, 2, 3]
    some = np.random.default_rng(4).standard_normal((20, 9))
    order = np.argsort(-some, axis=1)
    for k in range(9):
        assert np.all(token_ranks(some, order[:, k]) == k + 1)


def _other_norm():
    model = model_of()
    model.norm = nn.Linear(8, 8, rng=np.random.default_rng(0))
    return model


MISTAKES = [
    (lambda: value_logits(model_of(), np.ones((2, 7))), ValueError,
     "added_logits: x (2, 7) must have 8 as its last axis"),
    (lambda: value_tokens(model_of(), np.ones((2, 8)), 0), ValueError, "value_tokens: k is 0, but"),
    (lambda: value_logits(_other_norm(), np.ones((2, 8))), TypeError,
     "values: the model's final norm is a Linear, but must be LayerNorm or RMSNorm"),
    (lambda: norm_scale(_other_norm(), np.ones((2, 8))), TypeError, "values: the model's final"),
    (lambda: token_ranks(np.ones((2, 3)), [1]), ValueError,
     "token_ranks: tokens (1,) must be one for each row of logits (2, 3)"),
    (lambda: token_ranks(np.ones((2, 3)), [1, 3]), ValueError,
     "token_ranks: tokens run from 1 to 3, but must be from 0 to 2"),
    (lambda: token_ranks(np.ones((1, 3)), [1.0]), TypeError, "token_ranks: tokens are float64"),
]  # fmt: skip


@pytest.mark.parametrize("mistake, error, message", MISTAKES, ids=[m[2] for m in MISTAKES])
def test_message(mistake, error, message):
    with pytest.raises(error, match=re.escape(message)):
        mistake()
