"""What dense layers are given: found in order, noted without a change."""

import numpy as np
import pytest

from tinyffn import ops
from tinyffn.models import transformer
from tinyffn.studies.calibration import layer_inputs, layer_reads, places, stages
from tinyffn.studies.keyvalue.memories import coefficients

IDS = np.random.default_rng(1).integers(0, 11, (3, 5))


def model(**options):
    rng = np.random.default_rng(0)
    return transformer(11, 5, 8, 2, 12, 2, rng=rng, activation=ops.relu, **options).astype(float)


def test_places_are_in_the_order_of_reading():
    names = [place.name for place in places(model())]
    ffn, attention = ["up", "down"], ["query", "key", "value", "output"]
    assert names == [f"{i} {name}" for i in (1, 2) for name in attention + ffn]
    assert [p.name for p in places(model(), "ffn")] == ["1 up", "1 down", "2 up", "2 down"]
    assert len(places(model(), "attention")) == 8
    assert [p.name for p in places(model(), "2 key")] == ["2 key"]
    first = model()
    assert places(first, "1 up")[0].layer is first.blocks[0].feed_forward.up


def test_layers_of_a_stage_are_given_the_same():
    assert [[p.attribute for p in s] for s in stages(model())][:4] == [
        ["query", "key", "value"], ["output"], ["up"], ["down"]
    ]  # fmt: skip
    gated = stages(model(gate_op=ops.swiglu), "ffn")
    assert [sorted(p.attribute for p in s) for s in gated] == [["gate", "up"], ["down"]] * 2


def test_inputs_are_those_that_the_layers_get():
    m = model()
    before, logits = m.state_dict(), m(IDS).data
    found = layer_inputs(m, IDS, places(m))
    hidden = coefficients(m, IDS)[1].reshape(-1, 12)
    assert np.allclose(found["2 down"].second_moment, hidden.T @ hidden / 15)
    assert np.allclose(found["2 down"].magnitude, np.abs(hidden).mean(axis=0))
    reads = layer_reads(m, IDS, places(m))
    assert np.allclose(reads["2 down"], hidden) and list(reads) == list(found)
    assert np.array_equal(found["1 key"].second_moment, found["1 query"].second_moment)
    assert found["1 up"].second_moment.shape == (8, 8)
    assert np.array_equal(m(IDS).data, logits)
    assert all(np.array_equal(before[name], now) for name, now in m.state_dict().items())


def test_a_layer_that_is_not_there_is_named():
    with pytest.raises(ValueError, match="has no dense layers '3 up', but there are ffn, att"):
        places(model(), "3 up")
    with pytest.raises(ValueError, match="no dense layers 'ffn'"):
        places(model(feed_forward=False), "ffn")
