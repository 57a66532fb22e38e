"""Stochastic gradient descent, with momentum."""

import numpy as np

from tinyffn.arguments import must_be_share
from tinyffn.optim.optimizer import Optimizer


class SGD(Optimizer):
    """Step against the gradient, or against its running sum.

        m ← momentum m + dp        p ← p - rate m
        nesterov:                  p ← p - rate (dp + momentum m)

    Arguments  nesterov: step as far as the running sum will lead, so that the next gradient is
               taken there
    Errors     ValueError if momentum is not in [0, 1), or is 0 with nesterov
    Source     Polyak 1964 (Some methods of speeding up the convergence of iteration methods), in
               the form without a factor 1 - momentum that PyTorch uses too; Sutskever et al. 2013
               (On the importance of initialization and momentum in deep learning) for nesterov, in
               the variables of Bengio et al. 2012 (arXiv:1212.0901)
    """

    def __init__(self, parameters, rate, *, momentum=0.0, nesterov=False):
        super().__init__(parameters, rate)
        must_be_share("SGD", momentum=momentum)
        if nesterov and not momentum:
            raise ValueError("SGD: nesterov needs a momentum above 0, such as 0.9")
        self.momentum, self.nesterov = float(momentum), nesterov
        self.m = [np.zeros_like(p.data) for p in self.parameters] if momentum else None

    def update(self, i, p):
        if self.m is None:
            p.data -= self.rate * p.grad
            return
        self.m[i] *= self.momentum
        self.m[i] += p.grad
        step = p.grad + self.momentum * self.m[i] if self.nesterov else self.m[i]
        p.data -= self.rate * step
