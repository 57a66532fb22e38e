"""Every causal model: no place sees the future, and a cache changes no logit.

The future is asked after in two ways. By change: another id at one place leaves the logits before
it as they were, bit for bit. By gradient: none flows from the logits of one place to a later one.
"""

import numpy as np
import pytest

from tinyffn import nn, no_grad, ops
from tinyffn.models import perception, transformer

V, T = 7, 6
IDS = np.array([[5, 2, 6, 0, 3, 1]])  # all differ: each row of the table stands for one place

TRANSFORMERS = {
    "plain": {},
    "gated": {"gate_op": ops.swiglu},
    "attention only": {"feed_forward": False},
    "linear feed-forward": {"activation": ops.identity},
    "post-norm": {"norm_first": False},
    "tied": {"tied": True},
    "shared heads": {"n_kv_heads": 2},
    "one head of keys": {"n_kv_heads": 1},
    "rotary": {"rotary": True},
    "rotary, shared heads": {"rotary": True, "n_kv_heads": 2},
    "rotary, one head of keys, gated, RMSNorm": {
        "rotary": True, "n_kv_heads": 1, "gate_op": ops.swiglu, "norm": nn.RMSNorm,
    },
}  # fmt: skip
EXPERTS = {"n_experts": 3, "top_k": 2, "d_expert": 5}
ALL = EXPERTS | {"n_heads": 2, "d_attention": 3, "activation": nn.AconC, "d_scale": 2}
PERCEPTION = {
    "gMLP": {},
    "heads": {"n_heads": 4},
    "toeplitz": {"toeplitz": True},
    "no gate": {"gate": False},
    "no gate, toeplitz, heads": {"gate": False, "toeplitz": True, "n_heads": 2},
    "attention": {"d_attention": 3},
    "one expert of three": EXPERTS | {"top_k": 1},
    "two experts of three": EXPERTS,
    "all experts": EXPERTS | {"top_k": 3},
    "activation": {"activation": nn.AconC},
    "scale": {"d_scale": 2},
    "no residual": {"residual": False},
    "no norm": {"norm": None},
    "all": ALL,
    "all, toeplitz": ALL | {"toeplitz": True},
}


def _transformer(settings):
    return lambda rng: transformer(V, T, 8, 4, 10, 2, rng=rng, **settings)


def _perception(parts):
    return lambda rng: perception(V, T, 4, 8, 2, rng=rng, **parts)


def _shifted(make):
    """The model with a TokenShift in front of its blocks."""

    def shifted(rng):
        model = make(rng)
        model.blocks.insert(0, nn.TokenShift(model.token.table.shape[1]))
        return model

    return shifted


MODELS = {
    **{f"transformer, {name}": _transformer(settings) for name, settings in TRANSFORMERS.items()},
    **{f"perception, {name}": _perception(parts) for name, parts in PERCEPTION.items()},
    "transformer, shifted": _shifted(_transformer({"rotary": True})),
    "perception, shifted": _shifted(_perception({})),
}
# How many rows an expert's product has depends on all ids, and with it how the product rounds.
ROUNDS = {
    f"perception, {name}"
    for name, parts in PERCEPTION.items()
    if parts.get("n_experts", 0) > parts.get("top_k", 0)
}
every_model = pytest.mark.parametrize("name", MODELS)


def _model(name, dtype=np.float64):
    """All its parameters are random, so that none hides an error at zero or one."""
    rng = np.random.default_rng(1)
    model = MODELS[name](rng).astype(dtype)
    for p in model.parameters():
        p.data[...] = 0.4 * rng.standard_normal(p.shape) + 0.1
    return model


@every_model
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_no_place_sees_a_later_id(name, dtype):
    """Bit for bit, but where experts are chosen."""
    model = _model(name, dtype)
    logits = model(IDS).data
    margin = 100 * np.finfo(dtype).eps if name in ROUNDS else 0.0
    for place in range(T):
        changed = IDS.copy()
        changed[:, place] = 4
        moved = np.abs(model(changed).data - logits).max(axis=(0, 2))
        assert np.all(moved[:place] <= margin) and np.all(moved[place:] > 1e-4)


@every_model
def test_no_gradient_reaches_a_later_place(name):
    for place in range(T):
        model = _model(name)
        w = model.head.w.data  # fixed: from a tied head, the table gets gradients for every id
        model.head = lambda x, w=w: x @ w
        upstream = np.zeros((1, T, V))
        upstream[:, place] = np.random.default_rng(7).standard_normal(V)
        model(IDS).backward(upstream)
        reached = np.any(model.token.table.grad[IDS[0]] != 0.0, axis=1)
        assert reached.tolist() == [t <= place for t in range(T)]


@every_model
@pytest.mark.parametrize("dtype, tolerance", [(np.float32, 1e-5), (np.float64, 1e-10)])
@pytest.mark.parametrize("pieces", [[1] * 6, [3, 1, 2], [5, 1], [6]], ids=str)
def test_cached_logits_equal_recomputed_ones(name, dtype, tolerance, pieces):
    model, ids = _model(name, dtype), np.random.default_rng(2).integers(0, V, (3, T))
    with no_grad():
        whole, caches, start, parts = model(ids).data, model.new_caches(3), 0, []
        for length in pieces:
            parts.append(model(ids[:, start : start + length], caches).data)
            start += length
    error = np.abs(np.concatenate(parts, axis=1) - whole)
    assert np.max(error / np.maximum(1.0, np.abs(whole))) <= tolerance
    assert caches.n_positions == T


def test_without_attention_no_place_sees_another():
    model = _transformer({"attention": False})(np.random.default_rng(1)).astype(np.float64)
    logits = model(IDS).data
    changed = IDS.copy()
    changed[:, 2] = 4
    same = np.all(model(changed).data == logits, axis=(0, 2))
    assert same.tolist() == [t != 2 for t in range(T)]
    caches = model.new_caches(1)
    with no_grad():
        parts = [model(IDS[:, t : t + 2], caches).data for t in (0, 2, 4)]
    np.testing.assert_allclose(np.concatenate(parts, axis=1), logits, rtol=0, atol=1e-10)
