"""From numbers to whole numbers: to the nearest one, or to one of the two neighbours by lot."""

import numpy as np


def rounded(owner, numbers, *, low, high, noise=None):
    """Whole numbers from low to high, as int8.

    Without noise, to the nearest (half-way: to the even one). With noise, uniform numbers in
    [0, 1) of the same shape, floor(number + noise): up with a probability that is the fractional
    part, so that the mean over many lots is the number itself.

    Errors     ValueError of the owner if noise has another shape or leaves [0, 1)
    """
    if noise is None:
        whole = np.rint(numbers)
    else:
        must_be_noise(owner, noise, numbers.shape)
        whole = np.floor(numbers + noise)
    return np.clip(whole, low, high).astype(np.int8)


def must_be_noise(owner, noise, shape):
    """ValueError unless noise is an array of this shape with numbers in [0, 1)."""
    noise = np.asarray(noise)
    if noise.shape != shape:
        raise ValueError(
            f"{owner}: noise {noise.shape} must have the shape of the weights, {shape}"
        )
    if noise.size and not (noise.min() >= 0 and noise.max() < 1):
        raise ValueError(
            f"{owner}: noise runs from {noise.min()} to {noise.max()}, but must be in [0, 1), "
            "as rng.random(shape) makes it"
        )
