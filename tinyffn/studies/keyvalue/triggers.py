"""What switches a memory on: the places of a text where its coefficient is largest.

A key is a vector, and says little to the eye. Its trigger examples do: the prefixes, from the start
of a text to a position, that match it best. (Geva et al. 2021, arXiv:2012.14913, section 3)
"""

from typing import NamedTuple

import numpy as np

from tinyffn.arguments import as_ids, must_be_generator, must_be_positive


class Triggers(NamedTuple):
    """Where coefficients are largest, each (d_ff, t), the largest first.

    `ids[triggers.rows, triggers.positions]` are the last ids of the trigger examples.
    """

    rows: np.ndarray
    positions: np.ndarray
    m: np.ndarray


def trigger_examples(m, t, *, among=None):
    """The t places where each memory's coefficient is largest; of equal ones, those read first.

    A coefficient may be negative if the layer is gated, or its activation is GELU or SiLU. Its
    memory then takes its value away. `trigger_examples(-m, t)` are the places where that is most
    so. With ReLU, a place where m is 0 triggers nothing: look at `m` of what you get.

    Arguments  m (B, T, d_ff): see memories.coefficients; among (B, T): True where places count,
               which all do if it is not given
    Returns    Triggers
    Errors     ValueError if m or among has other axes, or there are fewer than t places
    """
    m = np.asarray(m)
    must_be_positive("trigger_examples", t=t)
    if m.ndim != 3:
        raise ValueError(f"trigger_examples: m {m.shape} must be (B, T, d_ff)")
    among = np.ones(m.shape[:2], bool) if among is None else np.asarray(among)
    if among.shape != m.shape[:2] or among.dtype != bool:
        raise ValueError(
            f"trigger_examples: among is {among.dtype} {among.shape}, but must be True or False "
            f"for each of {m.shape[:2]}"
        )
    rows, positions = np.nonzero(among)
    if t > len(rows):
        raise ValueError(f"trigger_examples: t is {t}, but there are {len(rows)} places to choose")
    counting = m[rows, positions]  # (n, d_ff)
    best = np.argsort(-counting, axis=0, kind="stable")[:t]
    return Triggers(rows[best].T, positions[best].T, np.take_along_axis(counting, best, axis=0).T)


def purity(tokens):
    """How much alike each group of tokens is: the share of its most frequent one.

    Arguments  tokens (n, t): in each row those of one memory's triggers, such as their last ids
    Returns    (n), from 1 / t, all different, to 1, all the same
    Errors     ValueError if tokens are not (n, t); TypeError if they are not integers
    """
    tokens = as_ids("purity", tokens, name="tokens")
    if tokens.ndim != 2 or tokens.size == 0:
        raise ValueError(f"purity: tokens {tokens.shape} must be (n, t)")
    most = [np.unique(group, return_counts=True)[1].max() for group in tokens]
    return np.array(most) / tokens.shape[1]


def chance_purity(tokens, t, *, rng, n=1000):
    """The purity of groups of t tokens drawn at random: what that of triggers is to be held to.

    It is more than the share of the most frequent token, as in a small group some token is often
    frequent by chance.

    Arguments  tokens: of all places that could have been chosen, an array of any shape; n: groups
    Returns    (n)
    Errors     ValueError if t or n is no whole number above 0, or there are no tokens; TypeError
               if tokens are not integers, or rng is no generator
    """
    must_be_positive("chance_purity", t=t, n=n)
    must_be_generator("chance_purity", rng)
    tokens = as_ids("chance_purity", tokens, name="tokens").reshape(-1)
    if tokens.size == 0:
        raise ValueError("chance_purity: there are no tokens to draw from")
    return purity(tokens[rng.integers(len(tokens), size=(n, t))])
