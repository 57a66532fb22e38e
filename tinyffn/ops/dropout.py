"""Dropout: in training, silence random entries and scale up the rest."""

import numpy as np

from tinyffn.tensor import op


@op
def dropout(x, *, keep, rate):
    """Zero the entries that `keep` rules out; divide the others by the share that is kept.

    The mask is an argument, so the op is a pure function; `nn.Dropout` draws it.

    Forward    y_i = x_i keep_i / (1 - rate)
    Backward   dx_i = dy_i keep_i / (1 - rate)
    Shapes     x (..., d) -> y (..., d)
    Errors     ValueError if keep has not x's shape, or rate is not in [0, 1); TypeError if keep
               is not boolean
    Source     Srivastava et al. 2014 (Dropout: a simple way to prevent neural networks from
               overfitting), in the scaling by which evaluation needs no change
    """
    keep = np.asarray(keep)
    if keep.dtype != np.bool_:
        raise TypeError(f"dropout: keep is {keep.dtype}, but must be boolean")
    if keep.shape != x.shape:
        raise ValueError(f"dropout: keep {keep.shape} must have x's shape {x.shape}")
    if not 0.0 <= rate < 1.0:
        raise ValueError(f"dropout: rate is {rate}, but must be at least 0 and below 1")
    scale = 1.0 / (1.0 - float(rate))

    def backward(dy):
        return (dy * keep * scale,)

    return x * keep * scale, backward
