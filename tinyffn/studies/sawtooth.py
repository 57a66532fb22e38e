"""The sawtooth: twice as many teeth with every layer, and what it costs a network of one layer.

The tent map goes up from 0 to 1 on the first half of [0, 1] and down again on the second. Put into
itself k times it is a sawtooth of 2^k straight pieces.
"""

import numpy as np

from tinyffn.arguments import must_be_at_least, must_be_generator, must_be_positive


def sawtooth(x, depth):
    """The sawtooth of 2^depth pieces on [0, 1], by formula: 2 |u - round(u)|, u = 2^(depth-1) x."""
    must_be_positive("sawtooth", depth=depth)
    u = 2.0 ** (depth - 1) * np.asarray(x, dtype=float)
    return 2.0 * np.abs(u - np.round(u))


def sawtooth_layers(depth):
    """The same as a ReLU network: `depth` hidden layers of two units.

        tent(x) = 2 relu(x) - 4 relu(x - 1/2)

    The two weights that end one tent and the two that begin the next are multiplied into one
    table, so depth k takes 2k units. All weights are small powers of two: on inputs that are
    whole multiples of a power of two, nothing is rounded.

    Returns    [(w, b), ...], depth + 1 layers, see `tinyffn.studies.layers`
    Errors     ValueError if depth is no whole number above 0
    Source     Telgarsky 2016 (arXiv:1602.04485)
    """
    must_be_positive("sawtooth_layers", depth=depth)
    begin, end = np.array([[1.0, 1.0]]), np.array([[2.0], [-4.0]])
    b = np.array([0.0, -0.5])
    return [(begin, b), *[(end @ begin, b)] * (depth - 1), (end, np.zeros(1))]


def shallow_l1(depth, n_pieces, *, points_per_piece=32):
    """The L1 distance from the sawtooth to its best fit by `n_pieces` equally wide pieces.

    The fit is continuous and straight between its knots j / n_pieces, what one hidden layer of
    n_pieces ReLUs with corners there can be; its heights at the knots minimise the squared error.

        L1 = ∫ |fit - sawtooth| over [0, 1]

    on midpoints of a fine grid. The constant 1/2 has 1/4. Better knots may do better, but with at
    most 2^(depth-2) pieces none comes nearer than 1/32, for depth 3 and more.

    Errors     ValueError if an argument is no whole number above 0
    Source     the way to the bound, counting crossings of 1/2: Telgarsky 2016 (arXiv:1602.04485)
    """
    must_be_positive("shallow_l1", n_pieces=n_pieces, points_per_piece=points_per_piece)
    n = points_per_piece * 2**depth
    x = (np.arange(n) + 0.5) / n
    target = sawtooth(x, depth)
    hats = np.maximum(0.0, 1.0 - np.abs(x[:, None] * n_pieces - np.arange(n_pieces + 1)))
    heights = np.linalg.lstsq(hats, target, rcond=None)[0]
    return float(np.abs(hats @ heights - target).mean())


def with_noise(layers, share, *, rng):
    """The layers with every weight and bias multiplied by 1 + share · z, z standard normal.

    Errors     ValueError if share is no number of 0 or more; TypeError if rng is no generator
    """
    must_be_at_least("with_noise", 0, share=share)
    must_be_generator("with_noise", rng)
    return [
        tuple(part * (1.0 + share * rng.standard_normal(part.shape)) for part in layer)
        for layer in layers
    ]
