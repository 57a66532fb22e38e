"""The answer to exercise 12.3, and how to get there.

Let h_ji be 1 where value j says the next token of key i, and 0 elsewhere. A permutation p makes
sum_j h_j,p(j) hits. Over all permutations, p(j) is each i equally often, so the mean number of hits
is sum_j mean_i h_ji, and the mean rate is the mean of all h.

For the spread, take r_ji = h_ji - row mean - column mean + mean. Every permutation uses each row
and each column once, so sum_j r_j,p(j) is the number of hits less its mean. Its mean square is

    sum_ji r_ji^2 / n   +   sum over j' not j and i' not i of r_ji r_j'i' / (n (n - 1))

as (i, i') is each pair of different keys equally often. Rows and columns of r sum to 0: so the sum
of r_j'i' over all j' and i' outside row j and column i is r_ji itself, and the second part is
sum r^2 / (n (n - 1)). Together: sum r^2 / (n - 1).
"""

import numpy as np


def agreement_rate(top_tokens, next_tokens, permutation):
    followed_by = next_tokens[permutation]
    is_said = np.any(top_tokens == followed_by[:, np.newaxis], axis=1)
    return float(np.mean(is_said))


def chance_agreement(top_tokens, next_tokens):
    n = len(next_tokens)
    hits = np.any(top_tokens[:, np.newaxis] == next_tokens[:, np.newaxis], axis=2).astype(float)
    rest = hits - hits.mean(axis=0) - hits.mean(axis=1, keepdims=True) + hits.mean()
    deviation_of_hits = np.sqrt(np.sum(rest * rest) / (n - 1))
    return float(hits.mean()), float(deviation_of_hits / n)
