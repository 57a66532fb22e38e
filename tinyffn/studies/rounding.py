"""Ways to round the weights of a layer after training, each a function of one kind.

    method(weights, inputs, quantizer, damping) -> new weights

weights is a list of arrays (d_in, d_out), of layers that are given the same inputs (an `Inputs`,
see calibration.py), such as query, key and value; the new ones are float32 arrays of values, what
codes and scales stand for. Not every method uses all it is given.
"""

import numpy as np

from tinyffn.bits.compensate import compensated
from tinyffn.bits.hadamard import rotated
from tinyffn.bits.rank_one import fitted, rank_one
from tinyffn.bits.salience import best_scaling


def of_each(one):
    """A method that rounds each weight for itself, from one(w, inputs, quantizer, damping)."""

    def method(weights, inputs, quantizer, damping):
        return [np.float32(one(w, inputs, quantizer, damping).values()) for w in weights]

    return method


def rounded_in_rotation(weights, inputs, quantizer, damping):
    """Round the rotated weight, and look at it in the old directions: H Q(H w).

    A layer that runs so rotates its inputs, and keeps Q(H w).
    """
    return [np.float32(rotated(quantizer(rotated(w)).values())) for w in weights]


def rounded_by_salience(weights, inputs, quantizer, damping):
    """Scale by salience: with one scale for all weights, for it is folded into what they share."""
    together = np.hstack(weights)
    _, found = best_scaling(together, inputs.second_moment, inputs.magnitude, quantizer)
    ends = np.cumsum([w.shape[1] for w in weights])[:-1]
    return [np.float32(values) for values in np.split(found.values(), ends, axis=1)]


def _compensated_rank_one(w, inputs, quantizer, damping):
    """Codes by error compensation, then a row and a column fitted to them."""
    h = inputs.second_moment
    codes = compensated(w, h, quantizer, damping=damping).codes
    return fitted(rank_one(w)._replace(codes=codes), w, h, damping=damping)


METHODS = {
    "plain": of_each(lambda w, inputs, quantizer, damping: quantizer(w)),
    "compensated": of_each(
        lambda w, inputs, quantizer, damping: compensated(
            w, inputs.second_moment, quantizer, damping=damping
        )
    ),
    "scaled": rounded_by_salience,
    "rotated": rounded_in_rotation,
    "rank one": of_each(lambda w, inputs, quantizer, damping: rank_one(w)),
    "rank one, fitted": of_each(
        lambda w, inputs, quantizer, damping: fitted(
            rank_one(w), w, inputs.second_moment, damping=damping
        )
    ),
    "compensated, fitted": of_each(_compensated_rank_one),
}
