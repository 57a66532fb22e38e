"""Memories that complete what is damaged: Hopfield's network, and one step of a layer with keys.

A pattern is a row of n numbers, +1 or -1. Some are stored; then one of them is shown with some of
its signs flipped, and the memory is asked to give it back. Two ways:

- Hopfield's network adds all patterns up in one matrix and applies it again and again. It has a
  wall: with many more patterns than 0.14 n, it gives back none of them (Amit, Gutfreund and
  Sompolinsky 1985, Storing infinite numbers of patterns in a spin-glass model of neural networks).
- A layer keeps patterns apart, as keys and as values: y = f(x Kᵀ) V with K = V. What f makes of
  the matches decides how many patterns fit: softmax (attention), a ReLU with a threshold (a
  feed-forward layer), or nothing at all (then it is one step of Hopfield's network, of all
  places at once, by a matrix that has its diagonal still).

Hopfield 1982 (Neural networks and physical systems with emergent collective computational
abilities); Ramsauer et al. 2020 (arXiv:2008.02217) see one step of attention in it.
"""

import math

import numpy as np

from tinyffn.arguments import (
    must_be_above,
    must_be_callable,
    must_be_generator,
    must_be_positive,
    must_be_share,
)


def random_patterns(n_patterns, n, *, rng):
    """Patterns (n_patterns, n) of +1 and -1, each as likely, as float32.

    Errors     ValueError if a size is no whole number above 0; TypeError if rng is no generator
    """
    must_be_positive("random_patterns", n_patterns=n_patterns, n=n)
    must_be_generator("random_patterns", rng)
    return rng.choice(np.array([-1, 1], np.float32), size=(n_patterns, n))


def flipped(patterns, share, *, rng):
    """The patterns (..., n) with other signs at round(share n) places of each, drawn at random.

    Errors     ValueError if share is not in [0, 1); TypeError if rng is no generator
    """
    must_be_share("flipped", share=share)
    must_be_generator("flipped", rng)
    patterns = np.asarray(patterns)
    order = rng.permuted(np.broadcast_to(np.arange(patterns.shape[-1]), patterns.shape), axis=-1)
    return np.where(order < round(share * patterns.shape[-1]), -patterns, patterns)


def overlap(found, patterns):
    """How much of its pattern each row is: the mean of found_i pattern_i, from -1 to 1, (...).

    1 is the pattern itself, 0 what a coin would give. Where one in five signs is wrong it is 0.6:
    that much has every such query that is handed back as it came.

    Errors     ValueError if shapes differ
    """
    found, patterns = np.asarray(found), np.asarray(patterns)
    if found.shape != patterns.shape:
        raise ValueError(
            f"overlap: found {found.shape} and patterns {patterns.shape} must be of one shape"
        )
    return np.mean(found * patterns, axis=-1)


def hopfield_weights(patterns):
    """One matrix for all patterns (P, n): w = Σ_p p pᵀ / n, with zeros on the diagonal: (n, n).

    Errors     ValueError if patterns are not (P, n)
    Source     Hopfield 1982
    """
    patterns = _as_rows("hopfield_weights", patterns)
    w = patterns.T @ patterns / patterns.shape[1]
    np.fill_diagonal(w, 0.0)
    return w


def energy(w, states):
    """-½ Σ_ij s_i w_ij s_j of each state (..., n), which never rises while `settle` runs: (...).

    Source     Hopfield 1982
    """
    return -0.5 * np.sum((states @ w) * states, axis=-1)


def settle(w, states, *, rng, sweeps=20):
    """Let states (B, n) follow s_i ← sign(Σ_j w_ij s_j), one place after another, until they rest.

    Each sweep goes over all places in an order that is drawn anew; a place whose sum is 0 keeps its
    sign. It ends after a sweep in which nothing has changed, or after `sweeps`.

    Returns    states (B, n); those handed in stay as they were
    Errors     ValueError if w is not (n, n) or states are not (B, n), or sweeps is no whole number
               above 0; TypeError if rng is no generator
    """
    states = _as_rows("settle", states).copy()
    n = states.shape[1]
    if np.shape(w) != (n, n):
        raise ValueError(f"settle: w {np.shape(w)} does not fit states {states.shape}")
    must_be_positive("settle", sweeps=sweeps)
    must_be_generator("settle", rng)
    for _ in range(sweeps):
        before = states.copy()
        for i in rng.permutation(n):
            pull = states @ w[:, i]
            states[:, i] = np.where(pull == 0, states[:, i], np.sign(pull))
        if np.array_equal(states, before):
            break
    return states


def softmax_of(beta):
    """Attention's way with matches m: exp(β m) over their sum, along the last axis.

    Errors     ValueError if beta is not above 0
    """
    must_be_above("softmax_of", 0, beta=beta)

    def weigh(m):
        e = np.exp(beta * (m - m.max(axis=-1, keepdims=True)))
        return e / e.sum(axis=-1, keepdims=True)

    return weigh


def relu_above(threshold):
    """A feed-forward layer's way with matches m: max(0, m - threshold), a ReLU with a bias.

    Errors     ValueError if threshold is no finite number
    """
    must_be_above("relu_above", -math.inf, threshold=threshold)
    return lambda m: np.maximum(m - threshold, 0)


def unchanged(m):
    """Matches as they are: then the layer is linear, y = q (Kᵀ V) / √n, with one matrix for all."""
    return m


def look_up(keys, values, queries, weigh):
    """One step of a layer with keys and values: y = weigh(m) V, with matches m = q Kᵀ / √n.

    With ±1 keys that were drawn at random, the match of a query with a key that has nothing to do
    with it is about standard normal; with its own key it is √n times their overlap.

    Arguments  keys (P, n); values (P, d); queries (B, n); weigh: a function of matches (B, P), such
               as softmax_of(beta), relu_above(threshold), unchanged
    Returns    y (B, d). With values ±1, np.sign(y) is what was found; 0 says that no key matched
    Errors     ValueError if shapes do not fit; TypeError if weigh is no function
    Source     Ramsauer et al. 2020 (arXiv:2008.02217): with softmax this is their update rule, and
               one head of attention
    """
    keys, values = _as_rows("look_up", keys), _as_rows("look_up", values)
    queries = _as_rows("look_up", queries)
    must_be_callable("look_up", weigh=weigh)
    if keys.shape[1] != queries.shape[1] or len(keys) != len(values):
        raise ValueError(
            f"look_up: keys {keys.shape}, values {values.shape} and queries {queries.shape} do not "
            "fit: they must be (P, n), (P, d) and (B, n)"
        )
    return weigh(queries @ keys.T / math.sqrt(keys.shape[1])) @ values


def _as_rows(owner, x):
    x = np.asarray(x)
    if x.ndim != 2 or not x.size:
        raise ValueError(f"{owner}: an array {x.shape} must have two axes, neither of them 0")
    return x
