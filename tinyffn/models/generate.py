"""Generation: ask a language model what comes next, take it at its word, and ask again."""

import numpy as np

from tinyffn.graph import no_grad


def generate(model, ids, n, *, rng=None, temperature=1.0, top_k=None, use_cache=True):
    """Continue ids (B, T) by n tokens; yields one array of B ids at a time.

    When the context is full, the older half is dropped and the rest is read again; so with and
    without the cache, the model sees the same.

    Arguments  temperature: below 1 bolder about likely tokens, 0 always the likeliest, which needs
               no rng; top_k: draw only from the k likeliest
    Errors     ValueError if a setting or ids do not fit
    """
    ids = np.asarray(ids)
    if ids.ndim != 2 or ids.size == 0:
        raise ValueError(f"generate: ids {ids.shape} must be (B, T), at least one each")
    _check_settings(rng, temperature, top_k)
    return _tokens(model, ids, n, rng, temperature, top_k, use_cache)


def _tokens(model, ids, n, rng, temperature, top_k, use_cache):
    was_training = model.training
    model.eval()
    try:
        window, caches = ids[:, -model.context :], None
        for _ in range(n):
            with no_grad():
                if not use_cache:
                    logits = model(window)
                elif caches is None:
                    caches = model.new_caches(len(ids))
                    logits = model(window, caches)
                else:
                    logits = model(window[:, -1:], caches)
            token = sample(logits.data[:, -1], rng=rng, temperature=temperature, top_k=top_k)
            yield token
            window = np.concatenate([window, token[:, None]], axis=1)
            if window.shape[1] > model.context:
                window, caches = window[:, -max(1, model.context // 2) :], None
    finally:
        model.train(was_training)


def sample(logits, *, rng=None, temperature=1.0, top_k=None):
    """Draw an id for each row of logits (B, vocab_size).

        p_i ∝ exp(logits_i / temperature) over the top_k largest logits

    Errors     ValueError if temperature is negative, or above 0 without rng; top_k is below 1; or
               a logit is not finite
    """
    _check_settings(rng, temperature, top_k)
    if not np.all(np.isfinite(logits)):
        raise ValueError("sample: a logit is infinite or not a number: did training diverge?")
    if temperature == 0.0:
        return logits.argmax(axis=-1)
    scaled = logits.astype(np.float64) / temperature
    # Adding Gumbel noise and taking the largest draws from the softmax exactly.
    noisy = scaled + rng.gumbel(size=scaled.shape)
    if top_k is not None and top_k < scaled.shape[-1]:
        kth_largest = np.partition(scaled, -top_k, axis=-1)[:, -top_k, None]
        noisy[scaled < kth_largest] = -np.inf
    return noisy.argmax(axis=-1)


def _check_settings(rng, temperature, top_k):
    if not temperature >= 0.0:
        raise ValueError(f"temperature is {temperature}, but must be 0 or above")
    if temperature > 0.0 and rng is None:
        raise ValueError("sampling draws at random: pass rng, or temperature=0 for the likeliest")
    if top_k is not None and top_k < 1:
        raise ValueError(f"top_k is {top_k}, but must be 1 or above, or None for all")
