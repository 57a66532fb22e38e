"""Adam, and AdamW: steps scaled by how large each gradient usually is."""

import math

import numpy as np

from tinyffn.ops.tiles import contiguous, tiles
from tinyffn.optim.optimizer import Optimizer


class Adam(Optimizer):
    """Divide a running mean of gradients by the root of a running mean of their squares.

        m ← β1 m + (1 - β1) dp        v ← β2 v + (1 - β2) dp²
        p ← p - rate (m / (1 - β1^t)) / (√(v / (1 - β2^t)) + eps)

    Source     Kingma and Ba 2015 (arXiv:1412.6980), algorithm 1
    """

    def __init__(self, parameters, rate, *, betas=(0.9, 0.999), eps=1e-8):
        super().__init__(parameters, rate)
        if not all(0.0 <= beta < 1.0 for beta in betas):
            raise ValueError(f"Adam: betas are {betas}, but must be at least 0 and below 1")
        self.betas, self.eps = betas, eps
        self.m = [np.zeros_like(p.data) for p in self.parameters]
        self.v = [np.zeros_like(p.data) for p in self.parameters]
        self.t = [0] * len(self.parameters)  # its own for each: one may miss steps

    def update(self, i, p):
        beta1, beta2 = self.betas
        self.t[i] += 1
        scale_v = 1.0 / math.sqrt(1.0 - beta2 ** self.t[i])
        rate = self.rate / (1.0 - beta1 ** self.t[i])
        for p_, dp, m, v in tiles(p.data, contiguous(p.grad), self.m[i], self.v[i]):
            m *= beta1
            m += (1.0 - beta1) * dp
            v *= beta2
            v += (1.0 - beta2) * dp * dp
            step = np.sqrt(v)
            step *= scale_v
            step += self.eps
            np.divide(m, step, out=step)
            step *= rate
            p_ -= step


class AdamW(Adam):
    """Adam, with weights that shrink by themselves rather than through the gradient.

        p ← (1 - rate weight_decay) p, then as Adam

    Arguments  decays: a function that says of a parameter whether it shrinks; by default all do.
               `is_matrix` spares biases and gains.
    Source     Loshchilov and Hutter 2019 (arXiv:1711.05101), algorithm 2
    """

    def __init__(
        self,
        parameters,
        rate,
        *,
        betas=(0.9, 0.999),
        eps=1e-8,
        weight_decay=0.01,
        decays=lambda p: True,
    ):
        super().__init__(parameters, rate, betas=betas, eps=eps)
        if not weight_decay >= 0.0:
            raise ValueError(f"AdamW: weight_decay is {weight_decay}, but must be 0 or above")
        self.weight_decay, self.decays = weight_decay, decays

    def update(self, i, p):
        if self.decays(p):
            p.data *= 1.0 - self.rate * self.weight_decay
        super().update(i, p)


def is_matrix(p):
    """Whether a parameter has two axes or more: a weight matrix, not a bias or a gain."""
    return p.ndim >= 2
