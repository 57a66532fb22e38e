"""Averages of the parameters themselves, in which the noise of single steps cancels."""

import contextlib

import numpy as np

from tinyffn.arguments import must_be_at_least
from tinyffn.optim.optimizer import each_once


class WeightAverage:
    """A running mean of parameters, looked at after each step and lent to the model on demand.

        mean ← mean + share (p - mean),  at the n-th look
        decay = 1:   share = 1 / n                             all looks count alike
        decay < 1:   share = (1 - decay) / (1 - decay^n)       old looks fade, like decay^age

    The second share goes over into the first as decay goes to 1. At n = 1 both are 1, so that the
    mean owes nothing to a value it began with (in Adam this is called correction of the bias).

        average = WeightAverage(model.parameters(), decay=0.99)
        fit(..., after_step=average.see)
        with average.applied():
            ...  # here the parameters are their means

    Arguments  start: steps before this one are not looked at
    Errors     ValueError if decay is not in [0, 1], or start is below 0; TypeError for parameters
               that are none
    Source     Izmailov et al. 2018 (arXiv:1803.05407), algorithm 1, for the plain mean; Polyak and
               Juditsky 1992 (Acceleration of stochastic approximation by averaging)
    """

    def __init__(self, parameters, *, decay=1.0, start=0):
        must_be_at_least("WeightAverage", 0, decay=decay, start=start)
        if decay > 1.0:
            raise ValueError(f"WeightAverage: decay is {decay}, but must be at most 1")
        self.parameters = each_once("WeightAverage", parameters)
        self.decay, self.start = float(decay), start
        self.mean = [np.zeros_like(p.data) for p in self.parameters]
        self.n = 0

    def see(self, step):
        """Take the parameters, as they are after this step, into the mean.

        Errors     RuntimeError if their type was changed since this was made
        """
        if step < self.start:
            return
        self._check_types("see")
        self.n += 1
        if self.decay == 1.0:
            share = 1.0 / self.n
        else:
            share = (1.0 - self.decay) / (1.0 - self.decay**self.n)
        for mean, p in zip(self.mean, self.parameters, strict=True):
            mean += share * (p.data - mean)

    @contextlib.contextmanager
    def applied(self):
        """Inside `with average.applied():` the parameters are their means; then as they were.

        Errors     RuntimeError if nothing was seen yet, or the parameters' type was changed
        """
        if self.n == 0:
            raise RuntimeError("applied: no step was seen yet: pass see to fit, as after_step")
        self._check_types("applied")
        before = [p.data for p in self.parameters]
        try:
            for p, mean in zip(self.parameters, self.mean, strict=True):
                p.data = mean.copy()
            yield
        finally:
            for p, data in zip(self.parameters, before, strict=True):
                p.data = data

    def _check_types(self, owner):
        if any(p.dtype != mean.dtype for p, mean in zip(self.parameters, self.mean, strict=True)):
            raise RuntimeError(
                f"{owner}: the parameters' type was changed: make the WeightAverage after astype"
            )
