"""Examples that lie in arrays, a few at a time."""

import numpy as np

from tinyffn.arguments import must_be_generator, must_be_positive


def random_batches(*arrays, batch_size, rng):
    """Endless batches, tuples of `batch_size` rows of each array: the same rows of all of them.

    Rows are drawn with replacement: one may come twice before another comes at all.

    Errors     ValueError if there are no arrays, they are empty, have no rows, or not equally
               many; TypeError if rng is no generator
    """
    must_be_positive("random_batches", batch_size=batch_size)
    must_be_generator("random_batches", rng)
    arrays = [np.asarray(array) for array in arrays]
    if any(array.ndim == 0 for array in arrays):
        raise ValueError("random_batches: one of the arrays is a single number and has no rows")
    lengths = [len(array) for array in arrays]
    if not lengths or min(lengths) < 1 or min(lengths) != max(lengths):
        raise ValueError(
            f"random_batches: the arrays have {lengths} rows, but must have equally many, 1 or more"
        )
    return _batches(arrays, batch_size, rng)


def _batches(arrays, batch_size, rng):
    while True:
        rows = rng.integers(len(arrays[0]), size=batch_size)
        yield tuple(array[rows] for array in arrays)
