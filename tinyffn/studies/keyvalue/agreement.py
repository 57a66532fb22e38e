"""Do keys and values belong together: does a value say what follows the text that its key matches?

How often they agree says nothing by itself. Compare with how often they would if each value stood
at another key. Frequent tokens agree by chance, and so 1 / vocab_size is too low a bar.
"""

import numpy as np

from tinyffn.arguments import as_ids, must_be_generator, must_be_positive


def agreement_rate(top_tokens, next_tokens, permutation=None):
    """The share of memories whose value's top token is the one that follows their best trigger.

    Arguments  top_tokens (n): ids, see values.value_tokens; next_tokens (n): ids; permutation (n):
               whose top token is held to memory i's next token, instead of its own
    Errors     ValueError if the arrays are not (n) with n >= 1, or permutation does not name each
               of 0 to n - 1 once; TypeError if they are not integers
    Source     Geva et al. 2021 (arXiv:2012.14913), section 4
    """
    top_tokens, next_tokens = _checked("agreement_rate", top_tokens, next_tokens)
    if permutation is not None:
        if sorted(permutation) != list(range(len(top_tokens))):
            raise ValueError(
                f"agreement_rate: permutation must name each of 0 to {len(top_tokens) - 1} once"
            )
        top_tokens = top_tokens[np.asarray(permutation)]
    return float(np.mean(top_tokens == next_tokens))


def permuted_rates(top_tokens, next_tokens, *, rng, n=200):
    """Agreement if values are dealt out anew to all keys: an array of n rates, one a permutation.

    Their mean comes near Σ_w p_w q_w, with p_w and q_w the shares of token w among top tokens and
    next tokens. No rate of these knows which value belongs to which key.

    Errors     as agreement_rate; ValueError if n is no whole number above 0; TypeError if rng is
               no generator
    """
    must_be_positive("permuted_rates", n=n)
    must_be_generator("permuted_rates", rng)
    top_tokens, next_tokens = _checked("permuted_rates", top_tokens, next_tokens)
    return np.array([np.mean(rng.permutation(top_tokens) == next_tokens) for _ in range(n)])


def others_rates(top_tokens, next_tokens, groups, *, rng, n=200):
    """Agreement if each key has the value of another memory of its group, and never its own.

    Say a group is all memories whose triggers ask for a town: the rates are those of values that
    know that, and not which town. A memory that is alone in its group has no others and is not
    counted; so hold the rates to the agreement_rate of those that are.

    Each time, every group is put into a random order, and each key takes the value of the next in
    this order, the last key that of the first. So all others are equally likely.

    Arguments  groups (n_memories): a number for each memory, that of its group
    Returns    rates (n); counted (n_memories), True where a memory has others in its group
    Errors     as permuted_rates, for groups too; ValueError if no group has two memories
    """
    must_be_positive("others_rates", n=n)
    must_be_generator("others_rates", rng)
    top_tokens, next_tokens = _checked("others_rates", top_tokens, next_tokens)
    _, groups = _checked("others_rates", top_tokens, groups, name="groups")
    _, group, size = np.unique(groups, return_inverse=True, return_counts=True)
    counted = size[group] > 1
    if not counted.any():
        raise ValueError("others_rates: no two memories have the same group: none has others")
    first = (np.cumsum(size) - size)[np.sort(group)]  # where the group of each place begins
    following = first + (np.arange(len(group)) + 1 - first) % size[np.sort(group)]
    rates = []
    for _ in range(n):
        drawn = np.lexsort((rng.random(len(group)), group))  # group by group, each shuffled
        agree = top_tokens[drawn[following]] == next_tokens[drawn]
        rates.append(np.mean(agree[counted[drawn]]))
    return np.array(rates), counted


def is_active(m, *, least=0.0):
    """Which coefficients m (..., d_ff) count as on: those larger than `least` times the largest.

    With ReLU, `least` 0 says it all: on is what is not 0. Gated, GELU and SiLU layers have hardly a
    0, and where on begins is for you to say. The largest is that of the same memory, and sizes are
    compared, not signs.

    Errors     ValueError if m is empty or least is not in [0, 1)
    """
    m = np.abs(m)
    if m.size == 0 or not 0.0 <= least < 1.0:
        raise ValueError(
            f"is_active: m {m.shape} must hold something, and least, {least!r}, be at least 0 and "
            "below 1"
        )
    return m > least * m.max(axis=tuple(range(m.ndim - 1)))


def active_fraction(m, *, least=0.0):
    """The share of all coefficients m (..., d_ff) that are on: see is_active."""
    return float(np.mean(is_active(m, least=least)))


def composition(layer_tokens, top_tokens, active):
    """The share of places where what the layer says is said by none of its active memories.

    There the layer's top token, that of the sum of all m_i v_i, came about by adding values of
    which each wants another. With signs, count a memory twice, for v and for -v: top tokens of
    both, one behind the other, and active where m is above and below 0.

    Do not expect large numbers of a small vocabulary: with a hundred tokens and a hundred memories
    active at once, some memory says nearly every token. In Geva et al. 4,096 memories share more
    than 260,000 tokens. They ask all of them, on or off (a tenth to a half are on), and in every
    layer find at least two thirds of the places where none says it.

    Arguments  layer_tokens (n): ids, one for each place; top_tokens (d_ff): ids, one for each
               memory; active (n, d_ff): True or False
    Errors     ValueError if shapes do not fit; TypeError if ids are not integers
    Source     Geva et al. 2021 (arXiv:2012.14913), section 5.1
    """
    layer_tokens = as_ids("composition", layer_tokens, name="layer_tokens", is_row=True)
    top_tokens = as_ids("composition", top_tokens, name="top_tokens", is_row=True)
    active = np.asarray(active, bool)
    if active.shape != (len(layer_tokens), len(top_tokens)) or active.size == 0:
        raise ValueError(
            f"composition: active {active.shape} must be ({len(layer_tokens)}, {len(top_tokens)}), "
            "places by memories"
        )
    n_tokens = 1 + max(layer_tokens.max(), top_tokens.max())
    says = np.eye(n_tokens, dtype=np.float32)[top_tokens]  # (d_ff, n_tokens)
    votes = active.astype(np.float32) @ says
    return float(np.mean(votes[np.arange(len(layer_tokens)), layer_tokens] == 0))


def _checked(owner, top_tokens, next_tokens, name="next_tokens"):
    top_tokens = as_ids(owner, top_tokens, name="top_tokens", is_row=True)
    next_tokens = as_ids(owner, next_tokens, name=name, is_row=True)
    if len(top_tokens) != len(next_tokens) or len(top_tokens) == 0:
        raise ValueError(
            f"{owner}: top_tokens {top_tokens.shape} and {name} {next_tokens.shape} must be "
            "equally many, one or more"
        )
    return top_tokens, next_tokens
