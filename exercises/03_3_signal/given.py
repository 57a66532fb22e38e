"""What the checks of exercise 3.3 hand to your functions. You may read and use all of it."""

import numpy as np


def relu(z):
    return np.maximum(z, 0.0)


def tanh(z):
    return np.tanh(z)


def softplus(z):
    """A smooth ReLU: log(1 + exp(z)). Its mean is not 0, and doubling z does not double it."""
    return np.logaddexp(0.0, z)
