"""Feedback alignment: a network whose backward step uses a fixed random matrix.

Lillicrap, Cownden, Tweed and Akerman 2014 (arXiv:1411.0247). Backpropagation sends a gradient back
through the transpose of the weights. Here it is sent through a matrix that was drawn once and never
learns, and the network learns nevertheless. A network of two layers is fitted to the outputs of
another one, the teacher, by one of three rules that differ in nothing else.
"""

from dataclasses import dataclass

import numpy as np

from tinyffn import ops
from tinyffn.arguments import is_whole, must_be_above
from tinyffn.tensor import Tensor, op

D_IN, D_HIDDEN, D_OUT, N = 20, 8, 4, 256
RULES = ("backprop", "feedback", "frozen")
RATES = (0.3, 1.0, 3.0)
STEPS = 500
EVERY = 10  # steps from one entry of the curves to the next


@op
def linear_by_feedback(x, w, *, feedback):
    """x w, but the gradient of x goes back through another matrix than w.

    Forward    y_nj  = Σ_i x_ni w_ij
    Backward   dx_ni = Σ_j dy_nj feedback_ji, a surrogate; dw_ij = Σ_n x_ni dy_nj, as it should be
    Shapes     x (N, d_in), w (d_in, d_out), feedback (d_out, d_in) -> y (N, d_out)
    Source     Lillicrap et al. 2014 (arXiv:1411.0247)
    """

    def backward(dy):
        return dy @ feedback, x.T @ dy

    return x @ w, backward


@dataclass(frozen=True)
class Run:
    """One training run: the steps looked at, the losses there, and the angle.

    `loss` is on fresh examples; `choice` is on others again, which are there to choose a rate by.
    `angle` is between the matrix that gradients go back through and `w_down` transposed, in
    degrees: 0 where they point the same way. A matrix of zeros has no angle: NaN.
    """

    step: np.ndarray
    loss: np.ndarray
    choice: np.ndarray
    angle: np.ndarray


def train(rule, *, rate, seed, steps=STEPS):
    """Fit a network with D_HIDDEN units to a teacher by gradient descent.

    Teacher, examples, first weights and feedback depend on `seed` alone, so that rules can be
    compared seed by seed. The loss is the mean squared error, and the outputs to be learned have
    mean 0 and variance 1: who always answers 0 has a loss of about 1.

    Arguments  rule: "backprop", "feedback" (a fixed random matrix sends gradients back), or
               "frozen" (the first layer never learns); rate: the step of gradient descent
    Returns    a Run; where the numbers grew beyond all bounds, its losses are infinite
    Errors     ValueError if there is no such rule, rate is not above 0, or steps is negative
    """
    if rule not in RULES:
        raise ValueError(f"train: rule is {rule!r}, but must be one of {', '.join(RULES)}")
    must_be_above("train", 0, rate=rate)
    if not is_whole(steps) or steps < 0:
        raise ValueError(f"train: steps is {steps!r}, but must be a whole number, 0 or above")
    rng = np.random.default_rng(seed)
    examples, fresh, others = _teacher(rng)
    w_up = Tensor(rng.normal(size=(D_IN, D_HIDDEN)) / np.sqrt(D_IN), requires_grad=True)
    w_down = Tensor(rng.normal(size=(D_HIDDEN, D_OUT)) / np.sqrt(D_HIDDEN), requires_grad=True)
    feedback = rng.normal(size=(D_OUT, D_HIDDEN)) / np.sqrt(D_HIDDEN)
    curves = []
    with np.errstate(over="ignore", invalid="ignore"):  # a rate may be too large
        for step in range(steps + 1):
            back = {"backprop": w_down.data.T, "feedback": feedback}.get(rule, 0 * feedback)
            if step % EVERY == 0:
                losses = [_loss(*set_, w_up, w_down, back).item() for set_ in (fresh, others)]
                losses = np.nan_to_num(losses, nan=np.inf, posinf=np.inf)
                curves.append((step, *losses, _angle(back, w_down.data.T)))
            w_up.grad = w_down.grad = None
            _loss(*examples, w_up, w_down, back).backward()
            for w in (w_up, w_down):
                w.data = w.data - rate * w.grad
    return Run(*np.array(curves).T)


def _teacher(rng):
    """Three sets (x, y) of N examples each; over all of them, outputs have mean 0, variance 1."""
    x = rng.normal(size=(3 * N, D_IN))
    hidden = np.tanh(x @ rng.normal(size=(D_IN, D_HIDDEN)) / np.sqrt(D_IN))
    y = hidden @ rng.normal(size=(D_HIDDEN, D_OUT))
    y = (y - y.mean(axis=0)) / y.std(axis=0)
    return list(zip(np.split(x, 3), np.split(y, 3), strict=True))


def _loss(x, y, w_up, w_down, back):
    hidden = ops.tanh(x @ w_up)
    error = linear_by_feedback(hidden, w_down, feedback=back) - y
    return ops.sum(error * error) * (1.0 / y.size)


def _angle(a, b):
    lengths = np.linalg.norm(a) * np.linalg.norm(b)
    if lengths == 0:
        return np.nan
    return np.degrees(np.arccos(np.clip(np.vdot(a, b) / lengths, -1, 1)))
