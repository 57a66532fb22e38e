"""Windows of ids for a language model: the ids that it reads, and those that it has to foretell."""

import numpy as np

from tinyffn.arguments import as_ids, must_be_generator, must_be_positive


def random_windows(ids, *, batch_size, length, rng):
    """Endless batches (ids, targets), both (batch_size, length), from random places in ids (T).

    The target of each position is the id one further on.

    Errors     ValueError if ids are not longer than a window; TypeError if rng is no generator
    """
    must_be_positive("random_windows", batch_size=batch_size, length=length)
    must_be_generator("random_windows", rng)
    return _batches(_enough("random_windows", ids, length), batch_size, length, rng)


def random_contexts(ids, *, batch_size, window, rng):
    """Endless batches (contexts, targets) from random places in ids (T): for a fixed window.

    contexts (batch_size, window) are ids in a row, targets (batch_size) the id after each. They are
    the batches of `random_windows` with the last target alone.

    Errors     ValueError if ids are not longer than a window; TypeError if rng is no generator
    """
    must_be_positive("random_contexts", batch_size=batch_size, window=window)
    must_be_generator("random_contexts", rng)
    batches = _batches(_enough("random_contexts", ids, window), batch_size, window, rng)
    return ((contexts, targets[:, -1]) for contexts, targets in batches)


def every_context(ids, *, window):
    """Every window of ids (T), in order, and the id after it.

    Returns    contexts (T - window, window), targets (T - window): both are views of ids, not
               copies, and not to be written to
    Errors     ValueError if ids are not longer than a window; TypeError if they are not integers
    """
    must_be_positive("every_context", window=window)
    ids = _enough("every_context", ids, window)
    contexts = np.lib.stride_tricks.sliding_window_view(ids, window)[:-1]
    return contexts, ids[window:]


def _batches(ids, batch_size, length, rng):
    while True:
        starts = rng.integers(0, len(ids) - length, batch_size)
        windows = ids[starts[:, None] + np.arange(length + 1)]
        yield windows[:, :-1], windows[:, 1:]

def _enough(owner, ids, length):
    ids = as_ids(owner, ids, is_row=True)
    if len(ids) <= length:
        raise ValueError(
            f"{owner}: {len(ids)} ids are too few for a window of {length} and a target"
        )
    return ids
