"""Stochastic gradient descent, with momentum."""

import numpy as np

from tinyffn.arguments import must_be_share
from tinyffn.optim.optimizer import Optimizer


class SGD(Optimizer):
    """Step against the gradient, or against its running sum.

        m ← momentum m + dp        p ← p - rate m

    Source     Polyak 1964 (Some methods of speeding up the convergence of iteration methods), in
               the form without a factor 1 - momentum that PyTorch uses too
    """

    def __init__(self, parameters, rate, *, momentum=0.0):
        super().__init__(parameters, rate)
        must_be_share("SGD", momentum=momentum)
        self.momentum = float(momentum)
        self.m = [np.zeros_like(p.data) for p in self.parameters] if momentum else None

    def update(self, i, p):
        if self.m is None:
            p.data -= self.rate * p.grad
        else:
            self.m[i] *= self.momentum
            self.m[i] += p.grad
            p.data -= self.rate * self.m[i]
