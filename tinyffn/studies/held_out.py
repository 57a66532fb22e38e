"""Bits on held-out text: what a language model has learnt, measured where it was not trained."""

import math

import numpy as np

from tinyffn.arguments import must_be_positive
from tinyffn.data import every_context
from tinyffn.graph import no_grad
from tinyffn.nn import evaluating
from tinyffn.ops.loss import IGNORED
from tinyffn.train import counted_targets


def mean_bits(model, ids, targets, *, batch_size=64):
    """Mean bits per target that counts (see ops.cross_entropy), by `model.loss`, batch by batch.

    Arguments  ids, targets: arrays with equally many rows, such as `model.loss` takes; in each
               batch of rows, one target or more counts
    Errors     ValueError if they have not equally many rows, one or more, or batch_size is no
               whole number above 0
    """
    must_be_positive("mean_bits", batch_size=batch_size)
    if len(ids) != len(targets) or len(ids) == 0:
        raise ValueError(
            f"mean_bits: ids hold {len(ids)} rows and targets {len(targets)}, but must hold "
            "equally many, 1 or more"
        )
    nats, counted = 0.0, 0
    with evaluating(model), no_grad():
        for i in range(0, len(ids), batch_size):
            batch = ids[i : i + batch_size], targets[i : i + batch_size]
            n = counted_targets(*batch)
            nats += n * model.loss(*batch).item()
            counted += n
    return nats / counted / math.log(2)


def window_bits(model, ids):
    """Bits per id of a WindowMLP on all of `ids` (T) that have a full window before them.

    Errors     ValueError if ids are too few for one window and a target
    """
    if len(ids) <= model.window:
        raise ValueError(
            f"window_bits: {len(ids)} ids are too few for a window of {model.window} and a target"
        )
    return mean_bits(model, *every_context(ids, window=model.window), batch_size=1024)


def held_out_bits(model, ids):
    """Bits per id of a language model on all of `ids` (T) but the first.

    Windows overlap by half, and of each but the first only the second half counts: so a prediction
    rests on half a context at least, except at the very start.

    Errors     ValueError if ids are too few for one window and a target
    """
    length, half = model.context, max(1, model.context // 2)
    if len(ids) <= length:
        raise ValueError(f"held_out_bits: {len(ids)} ids are too few for a context of {length}")
    starts = np.append(np.arange(0, len(ids) - 1 - length, half), len(ids) - 1 - length)
    targets = ids[starts[:, None] + np.arange(1, length + 1)]
    counted_before = np.append(0, starts[:-1] + length)  # targets up to here were scored before
    is_old = starts[:, None] + np.arange(length) < counted_before[:, None]
    targets = np.where(is_old, IGNORED, targets)
    windows = ids[starts[:, None] + np.arange(length)]
    return mean_bits(model, windows, targets)
