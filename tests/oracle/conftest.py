"""PyTorch as oracle: the same numbers, from code that thousands have checked.

Without PyTorch these tests are skipped; with TINYFFN_ORACLE=require they fail instead.
"""

import os

import numpy as np
import pytest


@pytest.fixture(scope="session")
def torch():
    if os.environ.get("TINYFFN_ORACLE") == "require":
        import torch
    else:
        torch = pytest.importorskip("torch")
    torch.set_num_threads(1)
    return torch


@pytest.fixture(scope="session")
def agree():
    """agree(name, ours, theirs, tolerance): one shape, one type, and |a - b| / max(1, |b|)."""

    def check(name, ours, theirs, tolerance):
        theirs = theirs.detach().numpy()
        assert (ours.shape, ours.dtype) == (theirs.shape, theirs.dtype), name
        error = np.abs(ours - theirs) / np.maximum(1.0, np.abs(theirs))
        assert np.max(error, initial=0.0) <= tolerance, f"{name} is off by {error.max():.1e}"

    return check


@pytest.fixture(scope="session")
def randomise():
    """randomise(module, rng): no parameter left at zero or one, where errors would hide."""

    def change(module, rng):
        for p in module.parameters():
            p.data[...] = 0.7 * rng.standard_normal(p.shape) + 0.1
        return module

    return change


@pytest.fixture(scope="session")
def twins(torch):
    """twins(module): its parameters once more, as PyTorch leaves, by name."""

    def copy(module):
        return {
            name: torch.tensor(p.data, requires_grad=True) for name, p in module.named_parameters()
        }

    return copy


@pytest.fixture(scope="session")
def torch_logits(torch):
    """torch_logits(p, ids, n_layers, n_heads): models.transformer by hand, from its parameters."""
    F = torch.nn.functional

    def dense(p, name, x):
        return x @ p[f"{name}.w"] + p.get(f"{name}.b", 0.0)

    def norm(p, name, x):
        return F.layer_norm(x, x.shape[-1:], p[f"{name}.gain"], p[f"{name}.bias"], 1e-5)

    def attention(p, name, x, n_heads):
        B, T, d_model = x.shape
        q, k, v = (
            dense(p, f"{name}.{part}", x).view(B, T, n_heads, -1).transpose(1, 2)
            for part in ("query", "key", "value")
        )
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        return dense(p, f"{name}.output", y.transpose(1, 2).reshape(B, T, d_model))

    def logits(p, ids, n_layers, n_heads):
        table = p["token.table"]
        tied = "head.w" not in p
        x = table[ids] * (table.shape[1] ** 0.5 if tied else 1.0) + p["position"][: ids.shape[1]]
        for i in range(n_layers):
            block = f"blocks.{i}"
            x = x + attention(
                p, f"{block}.attention", norm(p, f"{block}.norm_attention", x), n_heads
            )
            h = dense(p, f"{block}.feed_forward.up", norm(p, f"{block}.norm_feed_forward", x))
            x = x + dense(p, f"{block}.feed_forward.down", F.gelu(h))
        x = norm(p, "norm", x)
        return x @ table.T if tied else dense(p, "head", x)

    return logits
