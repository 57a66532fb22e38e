"""Greedy generation, token for token, against the same model and the same window in PyTorch."""

import numpy as np
import pytest

from tinyffn.models import generate, transformer

CONTEXT, N_LAYERS, N_HEADS = 8, 2, 3


@pytest.mark.parametrize("use_cache", [True, False], ids=["cached", "recomputed"])
@pytest.mark.parametrize("length", [1, 5, 8, 13])
def test_greedy_tokens_equal_torchs(torch, twins, torch_logits, use_cache, length):
    rng = np.random.default_rng(101)
    model = transformer(
        vocab_size=13, context=CONTEXT, d_model=12, n_heads=N_HEADS, d_ff=20, n_layers=N_LAYERS,
        rng=rng,
    )  # fmt: skip
    for parameter in model.astype(np.float64).parameters():
        parameter.data[...] = rng.standard_normal(parameter.shape) / np.sqrt(len(parameter.data))
    model.norm.bias.data *= 0.1  # a large one would make one token the likeliest everywhere
    p = twins(model)
    ids = rng.integers(0, 13, (3, length))

    expected = []
    window = torch.tensor(ids)[:, -CONTEXT:]
    for _ in range(3 * CONTEXT):  # well past the context, where the older half is dropped
        with torch.no_grad():
            logits = torch_logits(p, window, N_LAYERS, N_HEADS)
        token = logits[:, -1].argmax(-1)
        expected.append(token.numpy())
        window = torch.cat([window, token[:, None]], 1)
        if window.shape[1] > CONTEXT:
            window = window[:, -(CONTEXT // 2) :]

    given = list(generate(model, ids, 3 * CONTEXT, temperature=0, use_cache=use_cache))
    assert np.array_equal(given, expected)
    assert len(np.unique(given)) > 3
