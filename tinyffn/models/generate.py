"""Generation: ask a language model what comes next, take it at its word, and ask again."""

import numpy as np

from tinyffn.arguments import (
    is_whole,
    must_be_above,
    must_be_at_least,
    must_be_generator,
    must_be_positive,
)
from tinyffn.graph import no_grad
from tinyffn.nn import evaluating


def generate(model, ids, n, *, rng=None, temperature=1.0, top_k=None, top_p=None, use_cache=True):
    """Continue ids (B, T) by n tokens; yields one array of B ids at a time.

    When the context is full, the older half is dropped and the rest is read again; so with and
    without the cache, the model sees the same.

    Arguments  temperature: below 1 bolder about likely tokens, 0 always the likeliest, which needs
               no rng; top_k: draw only from the k likeliest; top_p: draw only from the fewest
               likeliest that hold this much of the chance together (see `sample`)
    Errors     ValueError if a setting or ids do not fit; TypeError if rng is needed and missing
    """
    ids = np.asarray(ids)
    if ids.ndim != 2 or ids.size == 0:
        raise ValueError(f"generate: ids {ids.shape} must be (B, T), at least one each")
    if not is_whole(n) or n < 0:
        raise ValueError(f"generate: n is {n!r}, but must be a whole number, 0 or above")
    settings = {"rng": rng, "temperature": temperature, "top_k": top_k, "top_p": top_p}
    _check_settings(**settings)
    return _tokens(model, ids, n, settings, use_cache)


def _tokens(model, ids, n, settings, use_cache):
    with evaluating(model):
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
            token = sample(logits.data[:, -1], **settings)
            yield token
            window = np.concatenate([window, token[:, None]], axis=1)
            if window.shape[1] > model.context:
                window, caches = window[:, -max(1, model.context // 2) :], None


def sample(logits, *, rng=None, temperature=1.0, top_k=None, top_p=None):
    """Draw an id for each row of logits (B, vocab_size).

        p_i ∝ exp(logits_i / temperature) over the ids that top_k and top_p leave

    The three settings act in this order: temperature makes chances, top_k leaves the k likeliest
    ids, and top_p, of those, the fewest likeliest whose chances (they add up to 1 again) reach
    top_p together: the nucleus. Of equally likely ids the lower one goes first, so that exactly
    k stay. The likeliest id always stays; top_k = vocab_size and top_p = 1 leave all.

    Errors     ValueError if temperature is negative, top_k is below 1, top_p is not above 0 and at
               most 1, or a logit is not finite
               TypeError if temperature is above 0 and rng is no generator
    Source     Holtzman et al. 2019 (arXiv:1904.09751): the nucleus
    """
    _check_settings(rng, temperature, top_k, top_p)
    logits = np.asarray(logits, np.float64)
    if logits.ndim < 1 or logits.shape[-1] == 0:
        raise ValueError(f"sample: logits {logits.shape} must be (B, vocab_size)")
    if not np.all(np.isfinite(logits)):
        raise ValueError("sample: a logit is infinite or not a number: did training diverge?")
    if temperature == 0.0 or rng is None:  # it is None only where none is needed: see above
        return logits.argmax(axis=-1)
    with np.errstate(over="ignore"):  # to -inf, a chance of zero; the largest logit stays at 0
        scaled = (logits - logits.max(axis=-1, keepdims=True)) / temperature
    # Adding Gumbel noise and taking the largest draws from the softmax exactly.
    noisy = scaled + rng.gumbel(size=scaled.shape)
    if top_k is not None or top_p is not None:
        noisy[~_left(scaled, top_k, top_p)] = -np.inf
    return noisy.argmax(axis=-1)


def _left(scaled, top_k, top_p):
    """Which ids top_k and top_p leave: booleans, as many as logits."""
    order = np.argsort(-scaled, axis=-1, kind="stable")  # stable: of equals, the lower id first
    stays = np.ones(scaled.shape, bool)  # by rank, the likeliest first
    if top_k is not None:
        stays[..., top_k:] = False
    if top_p is not None and top_p < 1:  # of 1, rounding would cut off the unlikeliest
        p = np.exp(np.take_along_axis(scaled, order, axis=-1)) * stays
        p /= p.sum(axis=-1, keepdims=True)
        held_before = np.cumsum(p, axis=-1) - p  # by likelier ids; 0 for the likeliest
        stays &= held_before < top_p
    left = np.empty_like(stays)
    np.put_along_axis(left, order, stays, axis=-1)
    return left


def _check_settings(rng, temperature, top_k, top_p):
    must_be_at_least("sample", 0, temperature=temperature)
    if temperature > 0.0:  # the likeliest needs no chance
        must_be_generator("sample", rng)
    if top_k is not None:
        must_be_positive("sample", top_k=top_k)
    if top_p is not None:
        must_be_above("sample", 0, top_p=top_p)
        if top_p > 1:
            raise ValueError(f"sample: top_p is {top_p!r}, but must be a share of 1, at most 1")
