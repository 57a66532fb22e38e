"""Symmetries of a feed-forward layer: they change its numbers and nothing that it does."""

import re

import numpy as np
import pytest

from tinyffn import Tensor, nn, ops
from tinyffn.models import perception, transformer
from tinyffn.studies.keyvalue.memories import coefficients, memories
from tinyffn.studies.keyvalue.symmetries import canonical_sign, flip, permute, rescale

IDS = np.array([[1, 4, 2], [0, 3, 3]])


def model_of(**parts):
    rng = np.random.default_rng(0)
    model = transformer(5, 3, 8, 2, 12, 2, rng=rng, **parts)
    for p in model.parameters():  # no bias of zero
        p.data += 0.1 * rng.standard_normal(p.shape, dtype=np.float32)
    return model


RELU, GATED = {"activation": ops.relu}, {"gate_op": ops.swiglu}


@pytest.mark.parametrize("tied", [False, True])
@pytest.mark.parametrize("parts", [RELU, GATED, {"gate_op": ops.reglu}])
def test_a_rescaled_memory_does_the_same_with_other_numbers(parts, tied):
    model = model_of(tied=tied, **parts)
    memory, before = memories(model)[1], model(IDS).data
    m, lengths = coefficients(model, IDS)[1], np.linalg.norm(memory.values, axis=1)
    rescale(memory.layer, 3, 4.0)
    assert np.array_equal(model(IDS).data, before)
    factors = np.where(np.arange(12) == 3, 4.0, 1.0)
    np.testing.assert_allclose(coefficients(model, IDS)[1], factors * m, rtol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(memory.values, axis=1), lengths / factors, rtol=1e-6)
    rescale(memory.layer, 3, 0.3)
    np.testing.assert_allclose(model(IDS).data, before, rtol=1e-4, atol=1e-5)


def test_a_flipped_memory_of_a_gated_layer_adds_the_same_bit_for_bit():
    model = model_of(**GATED)
    memory, before = memories(model)[0], model(IDS).data
    m, values = coefficients(model, IDS)[0], memory.values.copy()
    flip(memory.layer, 5)
    signs = np.where(np.arange(12) == 5, -1.0, 1.0)
    assert np.array_equal(model(IDS).data, before)
    assert np.array_equal(coefficients(model, IDS)[0], signs * m)
    assert np.array_equal(memory.values, signs[:, None] * values)


def test_an_odd_activation_allows_flips_too():
    model = model_of(activation=ops.tanh)
    layer, before = memories(model)[0].layer, model(IDS).data
    flip(layer, 0)
    np.testing.assert_allclose(model(IDS).data, before, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("parts", [RELU, GATED, {}])
def test_the_order_of_memories_is_free(parts):
    model = model_of(**parts).astype(np.float64)
    memory, before = memories(model)[0], model(IDS).data
    m, values = coefficients(model, IDS)[0], memory.values.copy()
    order = np.random.default_rng(1).permutation(12)
    permute(memory.layer, order)
    np.testing.assert_allclose(model(IDS).data, before, atol=1e-12)
    np.testing.assert_allclose(coefficients(model, IDS)[0], m[..., order], atol=1e-13)
    assert np.array_equal(memory.values, values[order])


def test_the_memories_of_an_expert_have_them_too():
    rng = np.random.default_rng(2)
    model = perception(5, 3, 8, 12, 1, rng=rng, n_experts=2, top_k=2).astype(np.float64)
    for expert in model.blocks[0].experts.experts:
        expert.activation = ops.relu
    before = model(IDS).data
    layer = model.blocks[0].experts.experts[1]
    rescale(layer, 1, 3.0)
    permute(layer, np.arange(12)[::-1])
    np.testing.assert_allclose(model(IDS).data, before, atol=1e-12)


def test_a_value_read_with_its_canonical_sign_does_not_depend_on_flips():
    model = model_of(**GATED)
    memory, m = memories(model)[0], coefficients(model, IDS)[0]
    sign = canonical_sign(m)
    assert set(sign) == {-1.0, 1.0} and sign.dtype == np.float32
    flat = (sign * m).reshape(-1, 12)
    assert np.array_equal(flat.max(axis=0), np.abs(m).max(axis=(0, 1)))  # largest of all is above 0
    read = sign[:, None] * memory.values
    for i in (0, 4, 7):
        flip(memory.layer, i)
    again = canonical_sign(coefficients(model, IDS)[0])
    assert np.flatnonzero(again != sign).tolist() == [0, 4, 7]
    assert np.array_equal(again[:, None] * memory.values, read)


def test_a_memory_that_is_never_on_keeps_its_sign():
    m = np.array([[0.0, -1.0, 2.0], [0.0, 0.5, -3.0]])
    assert canonical_sign(m).tolist() == [1.0, -1.0, -1.0]


LINEAR = nn.Linear(2, 3, rng=np.random.default_rng(0))
MISTAKES = [
    (lambda: rescale(_layer(RELU), 0, 0), ValueError, "rescale: factor is 0, but must be a number"),
    (lambda: rescale(_layer(RELU), 12, 2), ValueError,
     "rescale: i is 12, but must be a whole number from 0 to 11"),
    (lambda: flip(_layer(GATED), -1), ValueError, "flip: i is -1, but must be a whole number from"),
    (lambda: flip(_layer(RELU), 0), ValueError,
     "flip: this layer's activation of -1 z is not -1 times that of z: only an odd"),
    (lambda: rescale(_layer({}), 0, 2.0), ValueError,
     "rescale: this layer's activation of 2 z is not 2 times that of z: ReLU's is"),
    (lambda: permute(_layer(RELU), [0] * 12), ValueError,
     "permute: order must name each of 0 to 11 once"),
    (lambda: permute(LINEAR, [0]), TypeError,
     "permute: layer is a Linear, but must be a FeedForward or GatedFeedForward"),
    (lambda: flip(LINEAR, 0), TypeError, "flip: layer is a Linear, but"),
    (lambda: canonical_sign(np.zeros((0, 3))), ValueError,
     "canonical_sign: m (0, 3) is empty: read some text first"),
]  # fmt: skip


def _layer(parts):
    return memories(model_of(**parts))[0].layer


@pytest.mark.parametrize("mistake, error, message", MISTAKES, ids=[m[2] for m in MISTAKES])
def test_message(mistake, error, message):
    with pytest.raises(error, match=re.escape(message)):
        mistake()


def test_what_is_refused_changes_nothing():
    layer = _layer({})
    x = Tensor(np.random.default_rng(1).standard_normal((4, 8), dtype=np.float32))
    before = layer(x).data
    for refused in (lambda: rescale(layer, 0, 2.0), lambda: flip(layer, 0)):
        with pytest.raises(ValueError, match="activation"):
            refused()
    assert np.array_equal(layer(x).data, before)
