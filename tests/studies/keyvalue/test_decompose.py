"""A logit cut into parts: they add up, each is what its part adds, and memories are told apart."""

import re

import numpy as np
import pytest

from tinyffn import nn, ops
from tinyffn.models import perception, transformer
from tinyffn.studies.keyvalue.decompose import logit_parts
from tinyffn.studies.keyvalue.memories import coefficients, memories
from tinyffn.studies.keyvalue.values import value_tokens

IDS = np.array([3, 0, 6, 2, 5])
TOLERANCES = [(np.float32, 1e-5), (np.float64, 1e-10)]


def randomised(model, dtype):
    rng = np.random.default_rng(1)
    model.astype(dtype)
    for p in model.parameters():  # none hides a mistake at zero or one
        p.data += (0.3 * rng.standard_normal(p.shape)).astype(dtype)
    return model


def model_of(dtype=np.float64, **parts):
    rng = np.random.default_rng(0)
    return randomised(transformer(7, 6, 8, 2, 12, 2, rng=rng, **parts), dtype)


def total(parts):
    return sum(np.sum(part) for part in parts.values())


@pytest.mark.parametrize("dtype, tolerance", TOLERANCES)
@pytest.mark.parametrize("norm", [nn.LayerNorm, nn.RMSNorm])
@pytest.mark.parametrize("gate_op", [None, ops.swiglu], ids=["plain", "gated"])
@pytest.mark.parametrize("tied", [False, True])
def test_the_parts_add_up_to_the_logit(dtype, tolerance, norm, gate_op, tied):
    model = model_of(dtype, norm=norm, gate_op=gate_op, tied=tied, dropout=0.5)
    logits = model.eval()(IDS[None]).data[0]
    model.train()
    scale = np.abs(logits).max()
    for position, token in ((0, 0), (2, 6), (-1, 3)):
        parts = logit_parts(model, IDS, position, token)
        assert abs(total(parts) - logits[position, token]) <= tolerance * max(1.0, scale)
    assert model.training


OTHERS = {
    "attention only": {"feed_forward": False},
    "memories only": {"attention": False},
    "rotary": {"rotary": True, "activation": ops.relu},
}


@pytest.mark.parametrize("name", OTHERS)
def test_whatever_sublayers_there_are(name):
    model = model_of(**OTHERS[name])
    assert total(logit_parts(model, IDS, 3, 2)) == pytest.approx(model(IDS[None]).data[0, 3, 2])


@pytest.mark.parametrize("settings", [{}, {"n_experts": 3, "top_k": 2}, {"residual": False}])
def test_blocks_of_other_kinds_are_cut_at_their_sublayers(settings):
    rng = np.random.default_rng(0)
    model = randomised(perception(7, 5, 8, 12, 2, rng=rng, **settings), np.float64)
    parts = logit_parts(model, IDS, -1, 4)
    assert total(parts) == pytest.approx(model(IDS[None]).data[0, -1, 4], abs=1e-10)
    per_block = 2 if "n_experts" in settings else 1
    assert sum("sublayer" in name for name in parts) == 2 * per_block


def test_experts_in_place_of_a_memory_are_one_part():
    model = model_of()
    rng = np.random.default_rng(2)
    model.blocks[1].feed_forward = nn.MixtureOfExperts(8, 6, 2, rng=rng).astype(np.float64)
    parts = logit_parts(model, IDS, -1, 4)
    assert np.ndim(parts["FFN 1"]) == 1 and np.ndim(parts["FFN 2"]) == 0
    assert total(parts) == pytest.approx(model(IDS[None]).data[0, -1, 4], abs=1e-10)


def test_names_say_which_part_of_which_block():
    memory = ["FFN {}", "FFN {} bias"]
    names = [n.format(i) for i in (1, 2) for n in ("attention {}", *memory)]
    assert list(logit_parts(model_of(), IDS, 0, 0)) == ["embedding", *names, "final norm bias"]
    bare = list(logit_parts(model_of(norm=nn.RMSNorm, gate_op=ops.swiglu), IDS, 0, 0))
    assert bare == ["embedding", "attention 1", "FFN 1", "attention 2", "FFN 2"]


@pytest.mark.parametrize("norm", [nn.LayerNorm, nn.RMSNorm])
def test_each_memory_of_the_last_layer_has_the_logit_that_it_adds(norm):
    """m_i v_i · (gain w) / scale, written out."""
    model = model_of(norm=norm)
    m = coefficients(model, IDS[None])[1][0, 2]
    x = model.stream(IDS[None])[-1].data[0, 2]
    if norm is nn.LayerNorm:
        scale = np.sqrt(x.var() + 1e-5)
        values = memories(model)[1].values
        values = values - values.mean(axis=1, keepdims=True)
    else:
        scale, values = np.sqrt(np.mean(x**2) + 1e-5), memories(model)[1].values
    expected = m * (values @ (model.norm.gain.data * model.head.w.data[:, 3])) / scale
    found = logit_parts(model, IDS, 2, 3)["FFN 2"]
    np.testing.assert_allclose(found, expected, atol=1e-12)


def test_the_top_token_of_a_value_is_raised_where_its_coefficient_is_above_zero():
    model = model_of(norm=nn.RMSNorm, gate_op=ops.swiglu)
    m = coefficients(model, IDS[None])[0][0, -1]
    raised = np.array([logit_parts(model, IDS, -1, token)["FFN 1"] for token in range(7)])
    top = value_tokens(model, memories(model)[0].values)[:, 0]
    own = raised[top, np.arange(12)]
    assert np.any(m < 0) and np.array_equal(np.sign(own), np.sign(m))
    assert np.array_equal(raised.argmax(axis=0)[m > 0], top[m > 0])


MISTAKES = [
    (lambda: logit_parts(model_of(), IDS[None], 0, 0), ValueError,
     "logit_parts: ids (1, 5) must be (T)"),
    (lambda: logit_parts(model_of(), IDS * 1.0, 0, 0), TypeError, "logit_parts: ids are float64"),
    (lambda: logit_parts(model_of(), IDS, 5, 0), ValueError,
     "logit_parts: position is 5, but must be a whole number from -5 to 4"),
    (lambda: logit_parts(model_of(), IDS, 0, 7), ValueError,
     "logit_parts: token is 7, but must be a whole number from 0 to 6"),
    (lambda: logit_parts(model_of(norm_first=False), IDS, 0, 0), ValueError,
     "logit_parts: block 1 is post-norm: its norm rescales the stream, which is no sum then"),
]  # fmt: skip


@pytest.mark.parametrize("mistake, error, message", MISTAKES, ids=[m[2] for m in MISTAKES])
def test_message(mistake, error, message):
    with pytest.raises(error, match=re.escape(message)):
        mistake()
