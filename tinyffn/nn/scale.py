"""Factors for each channel that depend on the input."""

from tinyffn import ops
from tinyffn.arguments import must_be_positive
from tinyffn.nn.init import xavier
from tinyffn.nn.linear import Linear
from tinyffn.nn.module import Module


class ChannelScale(Module):
    """Factors between 0 and 2 for each channel: x (..., d) -> 2 σ(relu(x down) up), (..., d).

    At first all are 1. The paper averages x over all positions, which would show a position its
    future: here each position answers for itself.

    Source     Hu et al. 2018 (Squeeze-and-excitation networks, arXiv:1709.01507), section 3,
               without the mean over positions, and twice the sigmoid so that it can begin at 1
    """

    down: Linear  # w (d, d_squeezed)
    up: Linear  # w (d_squeezed, d), starts at 0

    def __init__(self, d, d_squeezed, *, rng, init=xavier):
        must_be_positive("ChannelScale", d=d, d_squeezed=d_squeezed)
        self.down = Linear(d, d_squeezed, rng=rng, init=init)
        self.up = Linear(d_squeezed, d, rng=rng, init=init)
        self.up.w.data[...] = 0.0

    def __call__(self, x):
        return 2.0 * ops.sigmoid(self.up(ops.relu(self.down(x))))
