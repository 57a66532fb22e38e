"""A layer of facts in few bits: what is trained, what is read back, and what is counted."""

import re
from functools import partial

import numpy as np
import pytest

from tinyffn.bits.schemes import binary
from tinyffn.bits.second_moment import output_error
from tinyffn.bits.uniform import clipped_absmax
from tinyffn.nn import QuantizedLinear
from tinyffn.studies import knowledge_layer
from tinyffn.studies.knowledge_layer import as_stored, facts, knowledge, memory, rounded, train
from tinyffn.studies.stored import stored_bits


def test_more_facts_begin_with_the_fewer():
    few, many = (facts(n, np.random.default_rng(3)) for n in (100, 300))
    assert few[0].shape == (100, 64) and many[1].shape == (300,) and few[2].shape == (16, 64)
    assert all(np.array_equal(a, b[: len(a)]) for a, b in zip(few, many, strict=True))


def test_training_stores_facts_with_and_without_signs():
    for scheme in (None, binary):
        layer, *asked = train(60, seed=1, rate=0.01, scheme=scheme, exposures=25, d_ff=24)
        assert layer.up.b is None and layer.down.b is None and layer.up.w.shape == (64, 24)
        assert isinstance(layer.up, QuantizedLinear) == (scheme is not None)
        drawn = facts(60, np.random.default_rng(1).spawn(3)[0])
        assert all(np.array_equal(a, b) for a, b in zip(asked, drawn, strict=True))
        matrices = [layer.up.w.data, layer.down.w.data]
        if scheme is not None:
            matrices = [each.quantized().values() for each in (layer.up, layer.down)]
        bits = knowledge(*matrices, *asked)
        assert 100 < bits <= 240
        assert bits == pytest.approx(
            stored_bits(layer(asked[0]).data @ asked[2].T, asked[1]), rel=1e-4
        )


def test_the_rate_falls_to_0_in_a_straight_line_over_four_steps_a_pass(monkeypatch):
    seen = {}
    monkeypatch.setattr(knowledge_layer, "fit", lambda *args, **settings: seen.update(settings))
    train(4, seed=1, rate=0.5, exposures=5)  # as few facts as there are steps in a pass
    assert seen["steps"] == 20
    assert [seen["schedule"](step) for step in (0, 5, 10, 20)] == [0.5, 0.375, 0.25, 0.0]


def test_the_second_moment_is_a_mean():
    x = np.float64([[1, 2], [3, -4], [0, 6]])
    assert np.allclose(knowledge_layer.second_moment(x), [[10 / 3, -10 / 3], [-10 / 3, 56 / 3]])


def test_compensation_looks_at_the_inputs_that_each_matrix_has():
    layer, keys, *_ = train(200, seed=1, rate=0.01, exposures=10)
    scheme = partial(clipped_absmax, bits=3)
    plain, better = rounded(layer, scheme), rounded(layer, scheme, keys)
    assert all(np.array_equal(a.scale, b.scale) for a, b in zip(plain, better, strict=True))
    assert np.array_equal(plain[0].codes, scheme(layer.up.w.data).codes)
    hidden = np.maximum(keys @ as_stored(better[0]), 0)
    for w, x, a, b in zip((layer.up.w.data, layer.down.w.data), (keys, hidden), plain, better,
                          strict=True):  # fmt: skip
        h = knowledge_layer.second_moment(x)
        assert output_error(w, b.values(), h) < 0.95 * output_error(w, a.values(), h)


def test_scales_are_counted_and_read_back_in_sixteen_bits():
    w = np.random.default_rng(0).normal(size=(64, 8)).astype(np.float32)
    q = binary(w)
    assert memory([q, q]) == 2 * (64 * 8 + 16 * 8)
    back = as_stored(q)
    assert back.dtype == np.float32 and np.array_equal(np.sign(back), q.codes)
    halves = np.abs(w).mean(axis=0).astype(np.float16)
    assert np.array_equal(np.abs(back)[0], halves.astype(np.float32))


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"n": 3}, "train: n is 3"),
        ({"rate": 0.0}, "train: rate"),
        ({"exposures": 0}, "train: exposures"),
        ({"d_ff": 0}, "train: d_ff"),
    ],
)
def test_messages(changed, message):
    given = {"n": 8, "rate": 0.1, "exposures": 1} | changed
    with pytest.raises(ValueError, match=re.escape(message)):
        train(given.pop("n"), seed=1, **given)
