"""Adam, and AdamW: steps scaled by how large each gradient usually is."""

import math

import numpy as np

from tinyffn.arguments import (
    must_be_above,
    must_be_at_least,
    must_be_callable,
    must_be_share,
)
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
        name = type(self).__name__
        if not isinstance(betas, tuple | list) or len(betas) != 2:
            raise ValueError(f"{name}: betas is {betas!r}, but must be two numbers (beta1, beta2)")
        beta1, beta2 = betas
        must_be_share(name, beta1=beta1, beta2=beta2)
        must_be_above(name, 0, eps=eps)
        self.betas, self.eps = (float(beta1), float(beta2)), float(eps)
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
        must_be_at_least("AdamW", 0, weight_decay=weight_decay)
        must_be_callable("AdamW", decays=decays)
        self.weight_decay, self.decays = float(weight_decay), decays

    def update(self, i, p):
        if self.decays(p):
            p.data *= 1.0 - self.rate * self.weight_decay
        super().update(i, p)


def is_matrix(p):
    """Whether a parameter has two axes or more: a weight matrix, not a bias or a gain."""
    return p.ndim >= 2
