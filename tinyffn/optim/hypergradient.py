"""Hypergradient descent: the learning rate is trained too, by its own gradient."""

import numpy as np

from tinyffn.arguments import must_be_at_least
from tinyffn.optim.optimizer import Optimizer


class Hypergradient(Optimizer):
    """Let an optimiser change its rate: up while gradients agree with the last step, else down.

    Every optimiser steps along some direction u: p ← p - rate u. So the next loss depends on the
    rate of the last step, and its derivative with respect to that rate is

        drate = -Σ over all parameters of dp · u,  with the gradient dp taken after the step

    The rate goes one step against it, and then the parameters step as ever:

        rate ← max(0, rate - beta drate)

    In plain SGD, u is the last gradient: the rate grows while two gradients in a row point the same
    way. `fit` writes down the rate that each step had; give it no schedule, which would overrule.

    u is read off from p as what a step at rate 1 changes. In float32 it loses digits where it is
    far smaller than p, which matters at rates far above 1.

    Arguments  optimizer: SGD, Adam or another whose step is proportional to its rate
               beta: the rate of the rate. A step changes the rate by at most beta |dp| |u|
    Errors     TypeError if optimizer is none; ValueError if beta is below 0
    Source     Baydin et al. 2018 (arXiv:1703.04782)
    """

    def __init__(self, optimizer, *, beta):
        if not isinstance(optimizer, Optimizer):
            raise TypeError(
                f"Hypergradient: optimizer is a {type(optimizer).__name__}, but must be an "
                "optimiser: SGD(model.parameters(), 0.1), say"
            )
        must_be_at_least("Hypergradient", 0, beta=beta)
        super().__init__(optimizer.parameters, optimizer.rate)
        self.optimizer, self.beta = optimizer, float(beta)
        self.u = {}  # from the number of a parameter to the direction of its last step

    def step(self):
        """Change the rate, then each parameter that has a gradient.

        Errors     RuntimeError if none has; ValueError if the rate would not be finite
        """
        gradients = {i: self.parameters[i].grad for i in self.u}
        drate = -sum(float(np.vdot(dp, self.u[i])) for i, dp in gradients.items() if dp is not None)
        self.rate = max(self.rate - self.beta * drate, 0.0)
        self.u = {}
        super().step()
        self.optimizer.rate = self.rate  # so that it can go on alone

    def update(self, i, p):
        before = p.data.copy()
        self.optimizer.rate = 1.0
        self.optimizer.update(i, p)  # at rate 1, the step is the direction
        self.u[i] = before - p.data
        p.data[...] = before - self.rate * self.u[i]
