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


def with_jax(data):
    import jax
    import jax.numpy as jnp
    from jax.lax import dynamic_slice_in_dim, dynamic_update_slice
    from jax.scipy.special import erf

    ids, weights = data
    w = {name: jnp.asarray(a) for name, a in weights.items()}
    empty = jnp.zeros((lm.N_LAYERS, lm.T, lm.N_HEADS, lm.D_MODEL // lm.N_HEADS))

    @jax.jit
    def advance(w, keys, values, ids, start):
        """The likeliest id after ids (n), which go on at `start`; one shape serves every start."""
        n = len(ids)
        linear, norm, feed_forward = lm.parts(jnp, erf, w)
        seen = jnp.arange(lm.T) <= start + jnp.arange(n)[:, None]
        x = w["token.table"][ids] + dynamic_slice_in_dim(w["position"], start, n)
        for i in range(lm.N_LAYERS):
            block = f"blocks.{i}"
            h = norm(x, f"{block}.norm_attention")
            q, k, v = (
                linear(h, f"{block}.attention.{part}").reshape(n, lm.N_HEADS, -1) for part in lm.QKV
            )
            keys = dynamic_update_slice(keys, k[None], (i, start, 0, 0))
            values = dynamic_update_slice(values, v[None], (i, start, 0, 0))
            s = jnp.einsum("ihc,jhc->hij", q, keys[i]) * q.shape[-1] ** -0.5
            p = jax.nn.softmax(jnp.where(seen, s, -jnp.inf))
            h = jnp.einsum("hij,jhc->ihc", p, values[i]).reshape(n, -1)
            x = x + linear(h, f"{block}.attention.output")
            x = x + feed_forward(norm(x, f"{block}.norm_feed_forward"), f"{block}.feed_forward")
        logits = norm(x, "norm")[-1:] @ w["head.w"]
        return logits.argmax(axis=-1), keys, values

    def continue_ids():
        tokens, new, start, keys, values = [], jnp.asarray(ids[0]), 0, empty, empty
        for _ in range(N_TOKENS):
            start, (new, keys, values) = start + len(new), advance(w, keys, values, new, start)
            tokens.append(int(new[0]))
        return tokens

    return continue_ids
