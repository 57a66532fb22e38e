"""The multilayer perceptron: dense layers with an activation between them."""

from itertools import pairwise

from tinyffn import nn, ops
from tinyffn.arguments import must_be_callable, must_be_positive
from tinyffn.nn.init import he
from tinyffn.nn.module import Module


class MLP(Module):
    """Dense layers, each but the last followed by an activation.

    x (..., widths[0]) -> y (..., widths[-1])

    Arguments  widths: sizes from the input to the output, two or more; activation: an op of one
               argument, or a Module: nn.Sequential(ops.relu, nn.Dropout(0.1, rng=rng)), say. All
               layers share it: one that learns a number for each channel asks for one hidden width
               init: a function (rng, shape) -> array, see nn/init.py
    Errors     ValueError if there are fewer than two widths, or one is no whole number above 0;
               TypeError if widths are no list
    Source     Rumelhart et al. 1986 (Learning representations by back-propagating errors)
    """

    layers: list  # of nn.Linear: w (widths[i], widths[i + 1]), b (widths[i + 1])

    def __init__(self, widths, *, rng, activation=ops.relu, init=he):
        if not hasattr(widths, "__iter__"):
            raise TypeError(f"MLP: widths is {widths!r}, but must be a list: [784, 64, 10], say")
        widths = list(widths)
        if len(widths) < 2:
            raise ValueError(f"MLP: widths is {widths}, but must hold two sizes or more")
        must_be_positive("MLP", **{f"widths[{i}]": width for i, width in enumerate(widths)})
        must_be_callable("MLP", activation=activation)
        self.layers = [nn.Linear(*sizes, rng=rng, init=init) for sizes in pairwise(widths)]
        self.activation = activation

    def __call__(self, x):
        for layer in self.layers[:-1]:
            x = self.activation(layer(x))
        return self.layers[-1](x)

    def loss(self, x, targets):
        """Mean cross-entropy, in nats an example, of the classes `targets` (...) given x."""
        return ops.cross_entropy(self(x), targets=targets)
