"""What few bits cost weights that are drawn from a Gaussian: the laws of tinyffn.bits, by name.

Errors are shares of the squares of the weights: 0 for none, 1 for all lost.
"""

from tinyffn.bits.angles import angle_of, flipped_share
from tinyffn.bits.distributions import GAUSSIAN
from tinyffn.bits.laws import absmax_law, sign_law
from tinyffn.bits.limits import lloyd_max


def sign_error():
    """The error of signs with the best scale: 1 - 2 / π."""
    return sign_law(GAUSSIAN)


def least_error(levels):
    """The least error that so many levels can have, wherever they are."""
    return lloyd_max(levels).error


def absmax_error(bits, group):
    """The error of 2^bits - 1 levels, as far apart as the largest weight of each group asks for."""
    return absmax_law(GAUSSIAN, bits, group=group)


def gates_flipped():
    """The share of inputs on which a ReLU and its copy with signs disagree: one is on, one off."""
    return flipped_share(angle_of(sign_error()))
