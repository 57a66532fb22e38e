"""The two weights of a layer in few bits: those it computes with, and the latent ones behind them.

What is asked here of a whole model: what if a trained one is rounded; what if the latent weights
were used in the place of the rounded ones; how many codes has training changed?
"""

import copy
from functools import partial
from typing import NamedTuple

import numpy as np

from tinyffn.nn import QuantizedLinear, replace_linears


class Unrounded(NamedTuple):
    """A weight as it is, where a layer expects codes and scales."""

    w: np.ndarray

    def values(self):
        """The weight itself."""
        return self.w


def rounded_after_training(model, scheme, *, which):
    """A copy of a model with the chosen Linear layers rounded, and nothing else changed.

    Arguments  scheme: a function w -> bits.Quantized; which: see nn.replace_linears
    """
    model = copy.deepcopy(model)
    replace_linears(model, partial(QuantizedLinear.from_linear, scheme=scheme), which=which)
    return model


def by_latent_weights(model):
    """A copy of a model whose layers compute with their latent weights; all else is as it was.

    Errors     ValueError if the model has no layer in few bits
    """
    model = copy.deepcopy(model)
    for layer in _layers(model).values():
        layer.scheme = Unrounded
    return model


def codes_of(model):
    """The codes that each layer in few bits computes with now: {name: int8 (d_in, d_out)}.

    Errors     ValueError if the model has no layer in few bits
    """
    return {name: layer.quantized().codes for name, layer in _layers(model).items()}


def share_changed(before, after):
    """The share of all codes that differ, between two that codes_of gave.

    Errors     ValueError if they are not of the same layers
    """
    if before.keys() != after.keys():
        raise ValueError(
            f"share_changed: codes of {', '.join(before)} cannot be compared with those of "
            f"{', '.join(after)}"
        )
    changed = sum(int((before[name] != after[name]).sum()) for name in before)
    return changed / sum(codes.size for codes in before.values())


def _layers(model):
    found = {n: part for n, part in model.named_modules() if isinstance(part, QuantizedLinear)}
    if not found:
        raise ValueError(f"the {type(model).__name__} has no layer in few bits")
    return found
