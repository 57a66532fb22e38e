"""A ReLU network as plain data: a list of layers (w, b), with a ReLU after each but the last.

The instruments of this room take networks in this form, in float64, whoever made them: a formula
(`sawtooth`, `approximation`), a random draw, or training (`layers_of`).
"""

from itertools import pairwise

import numpy as np

from tinyffn.arguments import must_be_generator, must_be_positive


def run(layers, x):
    """The output for inputs x (..., d_in): x w + b for each layer, with a ReLU in between."""
    return pre_activations(layers, x)[-1]


def pre_activations(layers, x):
    """What each layer gives before its ReLU, for x (..., d_in): a list of (..., d) arrays."""
    z = []
    for w, b in layers:
        z.append((np.maximum(z[-1], 0.0) if z else x) @ w + b)
    return z


def layers_of(model):
    """The layers of a trained `tinyffn.models.MLP` as [(w, b), ...], copied to float64."""
    return [(layer.w.data.astype(float), layer.b.data.astype(float)) for layer in model.layers]


def random_layers(widths, *, rng, bias_std=0.0):
    """Layers with random weights, as large as ReLU needs them: variance 2 / d_in.

    Arguments  widths: sizes from the input to the output; bias_std: the standard deviation of the
               biases
    Errors     ValueError if there are fewer than two widths, or one is no whole number above 0;
               TypeError if rng is no generator
    Source     He et al. 2015 (arXiv:1502.01852), eq. 10
    """
    if len(widths) < 2:
        raise ValueError(f"random_layers: widths is {widths}, but must hold two sizes or more")
    must_be_positive("random_layers", **{f"widths[{i}]": width for i, width in enumerate(widths)})
    must_be_generator("random_layers", rng)
    return [
        (rng.normal(size=(d_in, d_out)) * np.sqrt(2 / d_in), bias_std * rng.normal(size=d_out))
        for d_in, d_out in pairwise(widths)
    ]


def must_be_layers(owner, layers):
    """An error unless these are layers (w, b) that fit onto each other.

    Errors     ValueError if there are none, two do not fit, or a number is not finite; TypeError if
               one is no pair
    """
    if not layers:
        raise ValueError(f"{owner}: layers is empty: give a list of pairs (w, b)")
    for i, layer in enumerate(layers):
        if not isinstance(layer, tuple | list) or len(layer) != 2:
            raise TypeError(f"{owner}: layers[{i}] must be a pair (w, b)")
        w, b = (np.shape(part) for part in layer)
        if len(w) != 2 or b != w[1:]:
            raise ValueError(
                f"{owner}: layers[{i}] has w {w} and b {b}, but must be (d_in, d_out) and (d_out,)"
            )
        if not all(np.isfinite(part).all() for part in layer):
            raise ValueError(f"{owner}: layers[{i}] has a number that is not finite")
        if i and w[0] != len(layers[i - 1][1]):
            raise ValueError(
                f"{owner}: layers[{i}] takes {w[0]} numbers, but layers[{i - 1}] gives "
                f"{len(layers[i - 1][1])}"
            )
