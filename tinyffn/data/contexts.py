"""A text as examples for a model with a fixed window: the ids before, and the id that follows."""

import numpy as np

from tinyffn.arguments import must_be_positive
from tinyffn.data.text import checked_ids, random_windows


def random_contexts(ids, *, batch_size, window, rng):
    """Endless batches (contexts, targets) from random places in ids (T).

    contexts (batch_size, window) are ids in a row, targets (batch_size) the id after each. They are
    the batches of `random_windows` with the last target alone.

    Errors     as random_windows
    """
    batches = random_windows(ids, batch_size=batch_size, length=window, rng=rng)
    return ((contexts, targets[:, -1]) for contexts, targets in batches)


def every_context(ids, *, window):
    """Every window of ids (T) and the id after it, in order: contexts (T - window, window), targets
    (T - window).

    Both are views of ids, not copies, and not to be written to.

    Errors     ValueError if ids are not longer than a window; TypeError if they are not integers
    """
    must_be_positive("every_context", window=window)
    ids = checked_ids("every_context", ids)
    if len(ids) <= window:
        raise ValueError(
            f"every_context: {len(ids)} ids are too few for a window of {window} and a target"
        )
    contexts = np.lib.stride_tricks.sliding_window_view(ids, window)[:-1]
    return contexts, ids[window:]
