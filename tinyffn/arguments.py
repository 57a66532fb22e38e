"""Checks of arguments: each failure is one sentence with the owner, the argument and its value."""

import math

import numpy as np

from tinyffn.dtypes import NUMBERS


def must_be_positive(owner, **sizes):
    """ValueError unless each size is a whole number of at least 1."""
    for name, size in sizes.items():
        if not is_whole(size) or size < 1:
            raise ValueError(f"{owner}: {name} is {size!r}, but must be a whole number above 0")


def must_be_at_least(owner, low, **numbers):
    """ValueError unless each is a finite number of at least `low`."""
    for name, number in numbers.items():
        if not _is_finite(number) or number < low:
            raise ValueError(f"{owner}: {name} is {number!r}, but must be a number, {low} or above")


def must_be_above(owner, low, **numbers):
    """ValueError unless each is a finite number above `low`."""
    for name, number in numbers.items():
        if not _is_finite(number) or number <= low:
            raise ValueError(f"{owner}: {name} is {number!r}, but must be a number above {low}")


def must_be_share(owner, **shares):
    """ValueError unless each is a number in [0, 1)."""
    for name, share in shares.items():
        if not _is_finite(share) or not 0.0 <= share < 1.0:
            raise ValueError(
                f"{owner}: {name} is {share!r}, but must be a number, at least 0 and below 1"
            )


def must_be_callable(owner, **functions):
    """TypeError unless each can be called."""
    for name, function in functions.items():
        if not callable(function):
            raise TypeError(f"{owner}: {name} is {function!r}, but must be a function")


def must_be_generator(owner, rng):
    """TypeError unless rng is a NumPy Generator."""
    if not isinstance(rng, np.random.Generator):
        raise TypeError(
            f"{owner}: rng is {rng!r}, but must be a generator: np.random.default_rng(0), say"
        )


def as_ids(owner, ids, *, name="ids", n=None, is_row=False):
    """Ids as an array of integers.

    Arguments  n: how many ids there are, 0 to n - 1; is_row: whether they must be (T)
    Errors     TypeError if they are not integers; ValueError if one is not below n, or they have
               other axes
    """
    ids = np.asarray(ids, None if np.size(ids) else np.int64)
    if not np.issubdtype(ids.dtype, np.integer):
        raise TypeError(f"{owner}: {name} are {ids.dtype}, but must be integers")
    if is_row and ids.ndim != 1:
        raise ValueError(f"{owner}: {name} {ids.shape} must be (T)")
    if n is not None and ids.size and not 0 <= ids.min() <= ids.max() < n:
        raise ValueError(
            f"{owner}: {name} run from {ids.min()} to {ids.max()}, but must be from 0 to {n - 1}"
        )
    return ids


def is_whole(number):
    """Whether this is a whole number by its type: 2 is, 2.0 and True are not."""
    return isinstance(number, int | np.integer) and not isinstance(number, bool)


def _is_finite(number):
    return isinstance(number, NUMBERS) and not isinstance(number, bool) and math.isfinite(number)
