"""Feed-forward layers as memories: all are found, and a change is made, seen and undone."""

import numpy as np
import pytest

from tinyffn import nn, ops
from tinyffn.graph import is_recording
from tinyffn.models import perception, transformer
from tinyffn.studies.keyvalue.memories import coefficients, memories, replaced

from .tiny import tiny_model

IDS = np.array([[1, 4, 2], [0, 3, 3]])


def model_of(gate_op):
    return transformer(5, 3, 8, 2, 12, 2, rng=np.random.default_rng(0), gate_op=gate_op)


@pytest.mark.parametrize("gate_op", [None, ops.swiglu])
def test_all_memories_are_found_in_order_with_their_coefficients(gate_op):
    model = model_of(gate_op).astype(np.float64)
    found = memories(model)
    assert [memory.layer for memory in found] == [b.feed_forward for b in model.blocks]
    stream = model.stream(IDS)
    added = [stream[2].data - stream[1].data, stream[4].data - stream[3].data]
    for memory, m, y in zip(found, coefficients(model, IDS), added, strict=True):
        bias = 0.0 if memory.layer.down.b is None else memory.layer.down.b.data
        assert m.shape == (2, 3, 12)
        np.testing.assert_allclose(m @ memory.values + bias, y, atol=1e-12)


def test_coefficients_are_read_without_dropout_and_without_a_graph():
    model, recording = tiny_model("gated, tied"), []
    ids = np.array([[1, 4, 2, 5]])
    block = model.blocks[0]
    attention = block.attention

    def watched(x, *rest):
        recording.append(is_recording())
        return attention(x, *rest)

    with replaced(block, "attention", watched):
        while_training = coefficients(model.train(), ids)
    assert recording == [False] and model.training
    for m, expected in zip(while_training, coefficients(model.eval(), ids), strict=True):
        assert np.array_equal(m, expected)


def test_a_change_of_coefficients_is_a_change_of_what_is_added_and_is_undone():
    model = model_of(None)
    before = model(IDS).data
    memory = memories(model)[1]
    with memory.changed(lambda m: 0 * m):
        without = model(IDS).data
    with memory.answering(lambda y: 0 * y + memory.layer.down.b):
        same = model(IDS).data
    assert not np.allclose(without, before)
    assert np.array_equal(without, same)
    assert np.array_equal(model(IDS).data, before)


def test_of_two_changes_of_one_memory_the_inner_one_counts():
    model = model_of(None)
    memory = memories(model)[0]
    with memory.changed(lambda m: 2 * m):
        once = model(IDS).data
    with memory.answering(lambda y: 0 * y), memory.changed(lambda m: 2 * m):
        assert np.array_equal(model(IDS).data, once)


def test_a_part_is_put_back_even_after_an_error():
    block = model_of(None).blocks[0]
    attention = block.attention
    with pytest.raises(ZeroDivisionError), replaced(block, "attention", None):
        assert block.attention is None
        raise ZeroDivisionError
    assert block.attention is attention
    with pytest.raises(AttributeError), replaced(block, "atention", None):
        pass


def test_who_has_no_memory_is_told():
    with pytest.raises(ValueError, match="memories: this Linear has no FeedForward or Gated"):
        memories(nn.Linear(2, 3, rng=np.random.default_rng(0)))
    experts = perception(5, 3, 4, 8, 1, rng=np.random.default_rng(0), n_experts=2)
    message = "Gated.* layer but experts, each of which reads some tokens only"
    with pytest.raises(ValueError, match=message):
        memories(experts)
    with pytest.raises(TypeError, match="memories: model is a list, but must be a Module"):
        memories([])
