"""Bits on held-out text: what a language model has learnt, measured where it was not trained."""

import math

import numpy as np

from tinyffn import ops
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
    """Bits per id of a language model on all of `ids` (T) but the first: see `held_out_windows`.

    Errors     ValueError if ids are too few for one window and a target
    """
    return mean_bits(model, *held_out_windows(ids, model.context))


def held_out_surprises(model, ids, *, batch_size=64):
    """The bits of each of `ids` (T) but the first, an array (T - 1); their mean: `held_out_bits`.

    Errors     as held_out_bits; ValueError if batch_size is no whole number above 0
    """
    must_be_positive("held_out_surprises", batch_size=batch_size)
    windows, targets = held_out_windows(ids, model.context)
    found = []
    with evaluating(model), no_grad():
        for i in range(0, len(windows), batch_size):
            right = targets[i : i + batch_size]
            log_p = ops.log_softmax(model(windows[i : i + batch_size])).data
            counts = right != IGNORED
            found.append(-log_p[counts, right[counts]] / math.log(2))
    return np.concatenate(found)


def held_out_windows(ids, length):
    """Windows that cover ids (T), and targets that count each id but the first exactly once.

    Windows overlap by half, and of each but the first only the second half counts: so a prediction
    rests on half a context at least, except at the very start.

    Returns    windows, targets: both (n, length); targets that do not count are ops.loss.IGNORED
    Errors     ValueError if ids are too few for one window and a target
    """
    half = max(1, length // 2)
    if len(ids) <= length:
        raise ValueError(f"held_out_bits: {len(ids)} ids are too few for a context of {length}")
    starts = np.append(np.arange(0, len(ids) - 1 - length, half), len(ids) - 1 - length)
    targets = ids[starts[:, None] + np.arange(1, length + 1)]
    counted_before = np.append(0, starts[:-1] + length)  # targets up to here were scored before
    is_old = starts[:, None] + np.arange(length) < counted_before[:, None]
    targets = np.where(is_old, IGNORED, targets)
    return ids[starts[:, None] + np.arange(length)], targets
