"""What an error does to a gate: the weights of a neuron turn, and some of its signs flip."""

import math

import numpy as np

from tinyffn.arguments import must_be_at_least


def angle_of(error):
    """By how many radians a weight vector turns, from its error with the best scale: one in [0, 1].

        angle = arccos √(1 - error)

    With the best scale, w - value is at a right angle to value, so |value|² = (1 - error) |w|².
    For another scale of the same codes, take the error that the best scale would have: a scale
    turns nothing.

    Errors     ValueError if error is not in [0, 1]
    """
    must_be_at_least("angle_of", 0, error=error)
    if error > 1:
        raise ValueError(f"angle_of: error is {error!r}, but must be a share, at most 1")
    return math.acos(math.sqrt(1 - error))


def flipped_share(angle):
    """The share of inputs for which w x and value x differ in sign, if w turns by `angle` radians.

        share = angle / π

    Of inputs x that point in no direction more often than in another. Such an x, projected into
    the plane of w and value, has any angle equally often; and the two lines where w x = 0 and
    value x = 0 cut two wedges out of the plane, each as wide as the angle.

    Errors     ValueError if angle is not from 0 to π
    """
    must_be_at_least("flipped_share", 0, angle=angle)
    if angle > math.pi:
        raise ValueError(f"flipped_share: angle is {angle!r}, but must be radians, at most π")
    return float(angle) / math.pi


def angles_between(w, values):
    """The angle between each column of w (d_in, d_out) and that of values, in radians: (d_out,).

    Worked out in float64: in float32, a cosine next to 1 tells no angle below 3e-4.

    Errors     ValueError if the shapes differ, a number is not finite, or a column is zero and has
               no direction
    """
    w, values = np.asarray(w, np.float64), np.asarray(values, np.float64)
    if w.ndim != 2 or w.shape != values.shape:
        raise ValueError(
            f"angles_between: w {w.shape} and values {values.shape} must both be (d_in, d_out)"
        )
    if not (np.isfinite(w).all() and np.isfinite(values).all()):
        raise ValueError("angles_between: some numbers of w or values are not finite")
    lengths = np.sqrt((w * w).sum(axis=0)) * np.sqrt((values * values).sum(axis=0))
    if not lengths.all():
        raise ValueError(
            "angles_between: a column of zeros has no direction: leave it out of w and values"
        )
    return np.arccos(np.clip((w * values).sum(axis=0) / lengths, -1, 1))
