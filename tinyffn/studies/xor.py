"""XOR from many random starts at once: how often does gradient descent find what is there?

Each start is a network 2-width-2 as `models.MLP` draws it from its seed. All of them are trained
side by side, with one more axis in front of every array: 60 networks cost little more than one.
"""

from dataclasses import dataclass

import numpy as np

from tinyffn.arguments import must_be_above, must_be_positive
from tinyffn.nn.init import he

CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
XOR = np.array([0, 1, 1, 0])  # 1 where exactly one of the two is 1


@dataclass
class Networks:
    """Networks 2-width-2 of n_seeds starts. The n-th of each array belongs to the n-th seed."""

    activation: str  # "relu" or "tanh"
    w_up: np.ndarray  # (n_seeds, 2, width)
    b_up: np.ndarray  # (n_seeds, 1, width)
    w_down: np.ndarray  # (n_seeds, width, 2)
    b_down: np.ndarray  # (n_seeds, 1, 2)

    def hidden(self, x):
        """What the units hold before the activation: x (n, 2) -> (n_seeds, n, width)."""
        return x @ self.w_up + self.b_up

    def activations(self, x):
        """What the units hold after the activation: x (n, 2) -> (n_seeds, n, width)."""
        return _activate(self.hidden(x), self.activation)

    def logits(self, x):
        """The scores of the two classes: x (n, 2) -> (n_seeds, n, 2)."""
        return self.activations(x) @ self.w_down + self.b_down

    def p_one(self, x):
        """The probability of class 1: x (n, 2) -> (n_seeds, n)."""
        return _softmax(self.logits(x))[..., 1]

    def solved(self):
        """Whether all four corners get their class: (n_seeds), True or False."""
        return np.all(self.logits(CORNERS).argmax(axis=-1) == XOR, axis=1)


def start(width, *, seeds, activation="relu"):
    """Networks as they are before training: He's initial weights, biases 0.

    Errors     ValueError if width is no whole number above 0, there are no seeds, or activation
               is neither "relu" nor "tanh"
    """
    must_be_positive("start", width=width)
    if activation not in ("relu", "tanh"):
        raise ValueError(f"start: activation is {activation!r}, but must be 'relu' or 'tanh'")
    generators = [np.random.default_rng(seed) for seed in seeds]
    if not generators:
        raise ValueError("start: there are no seeds: give a list of one or more")
    drawn = [(he(rng, (2, width)), he(rng, (width, 2))) for rng in generators]
    w_up, w_down = (np.array(weights, dtype=float) for weights in zip(*drawn, strict=True))
    n = len(drawn)
    return Networks(activation, w_up, np.zeros((n, 1, width)), w_down, np.zeros((n, 1, 2)))


def gradients(networks):
    """The mean cross-entropy over the corners, in nats, and its gradients.

    Returns    losses (n_seeds), and a tuple of arrays for w_up, b_up, w_down, b_down
    """
    z = networks.hidden(CORNERS)
    h = _activate(z, networks.activation)
    p = _softmax(h @ networks.w_down + networks.b_down)
    losses = -np.log(np.maximum(p[:, range(4), XOR], 1e-300)).mean(axis=1)
    dlogits = (p - np.eye(2)[XOR]) / 4
    dh = dlogits @ networks.w_down.transpose(0, 2, 1)
    dz = dh * (z > 0 if networks.activation == "relu" else 1 - h * h)
    return losses, (
        CORNERS.T @ dz,
        dz.sum(axis=1, keepdims=True),
        h.transpose(0, 2, 1) @ dlogits,
        dlogits.sum(axis=1, keepdims=True),
    )


def train(width, *, seeds, activation="relu", rate=0.5, steps=1000):
    """Networks after `steps` steps of plain gradient descent on all four corners.

    Errors     as `start`; ValueError if rate is not above 0 or steps no whole number above 0
    """
    must_be_above("train", 0, rate=rate)
    must_be_positive("train", steps=steps)
    networks = start(width, seeds=seeds, activation=activation)
    arrays = (networks.w_up, networks.b_up, networks.w_down, networks.b_down)
    for _ in range(steps):
        for array, slope in zip(arrays, gradients(networks)[1], strict=True):
            array -= rate * slope
    return networks


def dead_units(networks):
    """How many units are off at all four corners, where no gradient reaches them: (n_seeds).

    Errors     ValueError if they are not of ReLUs: tanh is nowhere flat
    """
    if networks.activation != "relu":
        raise ValueError(f"dead_units: the units are {networks.activation}, which is never flat")
    return np.all(networks.hidden(CORNERS) <= 0, axis=1).sum(axis=-1)


def nearest_rivals(networks):
    """How near two corners of different classes are after the hidden layer, at the least.

    The distance of two corners is the largest difference in one unit, after the activation. Where
    it is 0, the output layer cannot tell these two apart: (n_seeds).
    """
    zeros, ones = (networks.activations(CORNERS[label == XOR]) for label in (0, 1))
    apart = np.abs(zeros[:, :, np.newaxis] - ones[:, np.newaxis])
    return apart.max(axis=-1).min(axis=(1, 2))


def _activate(z, activation):
    return np.maximum(z, 0.0) if activation == "relu" else np.tanh(z)


def _softmax(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)
