"""Activations that learn: modules that hold the numbers of the ops in `ops/learnable.py`.

nn.FeedForward(64, 256, rng=rng, activation=nn.PReLU(256))

They fit wherever an activation is asked for. Each begins as an activation that does not learn.
One module used in two layers is one set of numbers for both: make one for each layer.
"""

import numpy as np

from tinyffn import ops
from tinyffn.arguments import must_be_positive
from tinyffn.nn.module import Module, Parameter


class PReLU(Module):
    """y = x where positive, slope x elsewhere: x (..., d) -> y (..., d). Begins with slope 1/4.

    Source     He et al. 2015 (arXiv:1502.01852), section 2.1
    """

    slope: Parameter  # (d)

    def __init__(self, d):
        self.slope = _filled("PReLU", d, 0.25)

    def __call__(self, x):
        return ops.prelu(x, self.slope)


class Swish(Module):
    """y = x σ(beta x): x (..., d) -> y (..., d). Begins as SiLU, with beta 1.

    Source     Ramachandran et al. 2017 (arXiv:1710.05941), section 4
    """

    beta: Parameter  # (d)

    def __init__(self, d):
        self.beta = _filled("Swish", d, 1.0)

    def __call__(self, x):
        return ops.swish(x, self.beta)


class AconC(Module):
    """A smooth maximum of p1 x and p2 x: x (..., d) -> y (..., d). Begins as SiLU.

    Source     Ma et al. 2021 (arXiv:2009.04759), ACON-C; SiLU is the case p1 = 1, p2 = 0, beta = 1
    """

    p1: Parameter  # (d)
    p2: Parameter  # (d)
    beta: Parameter  # (d)

    def __init__(self, d):
        self.p1 = _filled("AconC", d, 1.0)
        self.p2 = _filled("AconC", d, 0.0)
        self.beta = _filled("AconC", d, 1.0)

    def __call__(self, x):
        return ops.acon_c(x, self.p1, self.p2, self.beta)


# y = 0.505 x + 0.495 |x| is the leaky ReLU with slope 0.01. |x| is nearly N(x) / Q(x) with N and Q
# of the powers 0, 2 and 4; over Q, which never falls below 1, all of y becomes P / Q. N and Q are a
# least-squares fit on [-3, 3], which tests/nn/test_activation.py repeats.
PADE_P = (0.0375428, 0.505, 1.51086, 1.71673, 0.757291, 0.119341)
PADE_Q = (0.0, 3.39947, 0.0, 0.236319)


class Pade(Module):
    """y = P(x) / (1 + |A(x)|), two polynomials: x (..., d) -> y (..., d), ten numbers in all.

    Begins as a leaky ReLU with slope 0.01, from which it is off by at most 0.038 on [-3, 3].

    Source     Molina et al. 2020 (arXiv:1907.06732): degrees 5 and 4, and leaky ReLU to begin with
    """

    p: Parameter  # (6)
    q: Parameter  # (4)

    def __init__(self):
        self.p = Parameter(np.array(PADE_P, np.float32))
        self.q = Parameter(np.array(PADE_Q, np.float32))

    def __call__(self, x):
        return ops.pade(x, self.p, self.q)


def _filled(owner, d, value):
    must_be_positive(owner, d=d)
    return Parameter(np.full(d, value, np.float32))
