"""Initial weights. Each function takes a random generator and a shape (d_in, d_out), float32 out.

A layer keeps the variance of what flows through it if its weights have variance about 1 / d_in.
"""

import math

import numpy as np

from tinyffn.arguments import must_be_positive


def he(rng, shape):
    """Normal with variance 2 / d_in: keeps the mean square through a ReLU, which drops half.

    Source     He et al. 2015 (arXiv:1502.01852), eq. 10
    """
    return _normal(rng, shape, math.sqrt(2.0 / shape[0]))


def xavier(rng, shape):
    """Uniform in ±√(6 / (d_in + d_out)): a compromise between the ways forward and back.

    Source     Glorot and Bengio 2010 (Understanding the difficulty of training deep feedforward
               neural networks), eq. 16
    """
    bound = math.sqrt(6.0 / (shape[0] + shape[1]))
    return rng.uniform(-bound, bound, shape).astype(np.float32)


def truncated_normal(rng, shape, *, std=0.02):
    """Normal with this standard deviation, draws beyond two of them drawn again."""
    z = rng.standard_normal(shape)
    while np.any(far := np.abs(z) > 2.0):
        z[far] = rng.standard_normal(np.count_nonzero(far))
    return (std * z).astype(np.float32)


def unit_normal(rng, shape):
    """Truncated normal for vectors that stand for ids or places, of numbers about 1 in size."""
    return truncated_normal(rng, shape, std=1.0)


def scaled_residual(rng, shape, *, n_layers, std=0.02):
    """Normal with std / √(2 n_layers), for the last map of each of the 2 n_layers sublayers.

    The residual stream sums their outputs; so scaled, the sum does not grow with depth.

    Source     Radford et al. 2019 (Language models are unsupervised multitask learners),
               section 2.3
    """
    must_be_positive("scaled_residual", n_layers=n_layers)
    return _normal(rng, shape, std / math.sqrt(2.0 * n_layers))


def _normal(rng, shape, std):
    return (std * rng.standard_normal(shape)).astype(np.float32)
