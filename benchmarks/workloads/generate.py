"""The same language model speaks: one token at a time, with keys and values kept."""

import numpy as np

from benchmarks.workloads import lm

TITLE = "generation, same model, greedy, batch 1, key-value cache, 32 ids + 96 tokens: one token"
UNIT, UNITS_PER_CALL = "token", 96
N_PROMPT, N_TOKENS = lm.T - 96, 96


def data():
    rng = np.random.default_rng(0)
    weights = lm.model_of(rng).state_dict()
    return rng.integers(0, lm.VOCAB_SIZE, (1, N_PROMPT)), weights


def value(tokens):
    """A number that tells one sequence of ids from another."""
    return float(np.asarray(tokens) @ np.arange(1, N_TOKENS + 1)) / N_TOKENS**2


def with_tinyffn(data):
    from tinyffn.models import generate

    ids, weights = data
    model = lm.model_of(np.random.default_rng(0))
    model.load_state_dict(weights)

    def continue_ids():
        return [int(token[0]) for token in generate(model, ids, N_TOKENS, temperature=0.0)]

    return continue_ids


def with_pytorch(data):
    import torch

    ids, weights = data
    ids = torch.tensor(ids)
    w = lm.pytorch_weights(weights)

    @torch.inference_mode()
    def continue_ids():
        tokens, caches, new = [], [], ids
        for _ in range(N_TOKENS):
            new = lm.pytorch_logits(w, new, caches)[:, -1:].argmax(dim=-1)
            tokens.append(new.item())
        return tokens

    return continue_ids
