"""Into how many straight pieces a ReLU network parts a line: exact corners, not samples.

Along a line x(t) = start + t direction, the output is straight until some ReLU switches. What goes
into the first layer's ReLUs is straight in t, so where each switches is the root of a linear
equation. Between those places the input of the second layer's ReLUs is straight too, and so on.
"""

import numpy as np

from tinyffn.studies.layers import must_be_layers, pre_activations


def switches(layers, start, direction, *, low=-1.0, high=1.0):
    """Every t between low and high at which some ReLU switches, in order, with low and high.

    Where two are nearer than 1e-12 of the way from low to high, the first stands for both: their
    distance is rounding.

    Arguments  layers: [(w, b), ...], see `tinyffn.studies.layers`; start, direction: (d_in)
    Returns    t (n_switches + 2)
    Errors     ValueError if the line does not fit the layers, does not move, or low is not below
               high; as `must_be_layers` for layers
    """
    start, direction = _line("switches", layers, start, direction, low, high)
    t = np.array([low, high], dtype=float)
    for depth in range(1, len(layers)):
        z = pre_activations(layers[:depth], start + t[:, None] * direction)[-1]
        before, after = z[:-1], z[1:]  # straight in between: all switches up to here are known
        segment, unit = np.nonzero(np.sign(before) * np.sign(after) < 0)
        share = (before / (before - after + (before == after)))[segment, unit]
        t = _apart(np.concatenate([t, t[segment] + share * (t[segment + 1] - t[segment])]))
    return t


def corners(layers, start, direction, *, low=-1.0, high=1.0, tolerance=1e-9):
    """Every t strictly between low and high at which the output turns, in order.

    Not every switch turns it: what a ReLU gives may be lost further on. The slopes on both sides
    must differ by more than `tolerance` times the largest slope. They are taken by the chain rule,
    with the ReLUs as they stand in the middle of each piece.

    Arguments, errors  as `switches`
    """
    t = switches(layers, start, direction, low=low, high=high)
    slopes = _slopes(layers, start, direction, (t[:-1] + t[1:]) / 2)
    turn = np.abs(np.diff(slopes, axis=0)).max(axis=1, initial=0.0)
    return t[1:-1][turn > tolerance * np.abs(slopes).max()]


def pieces_along_line(layers, start, direction, *, low=-1.0, high=1.0, tolerance=1e-9):
    """The number of straight pieces of the output between low and high: one more than corners."""
    return 1 + len(corners(layers, start, direction, low=low, high=high, tolerance=tolerance))


def _apart(t):
    """The different numbers in t, in order; both ends stay as they are."""
    t = np.unique(t)
    nearest = 1e-12 * (t[-1] - t[0])
    inside = t[(t > t[0] + nearest) & (t < t[-1] - nearest)]
    return np.concatenate([t[:1], inside[np.diff(inside, prepend=t[0]) > nearest], t[-1:]])


def _slopes(layers, start, direction, t):
    """dy/dt (n, d_out) at each t (n), by the chain rule."""
    start, direction = np.asarray(start, float), np.asarray(direction, float)
    z = pre_activations(layers, start + t[:, None] * direction)
    slope = np.broadcast_to(direction, (len(t), len(direction)))
    for (w, _), z_layer in zip(layers, z, strict=True):
        slope = slope @ w
        if z_layer is not z[-1]:
            slope = slope * (z_layer > 0)
    return slope


def _line(owner, layers, start, direction, low, high):
    must_be_layers(owner, layers)
    start, direction = np.asarray(start, float), np.asarray(direction, float)
    d_in = len(layers[0][0])
    for name, vector in (("start", start), ("direction", direction)):
        if vector.shape != (d_in,):
            raise ValueError(f"{owner}: {name} {vector.shape} must be ({d_in},), as the input")
    if not direction.any():
        raise ValueError(f"{owner}: direction is zero: the line does not move")
    if not low < high:
        raise ValueError(f"{owner}: low is {low} and high is {high}, but low must be below high")
    return start, direction
