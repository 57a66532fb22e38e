"""Lines of a text as sequences of their own: each as long as it is."""

import numpy as np

from tinyffn.arguments import as_ids, is_whole, must_be_generator, must_be_positive
from tinyffn.ops.loss import IGNORED


def cut_lines(ids, *, end):
    """Cut ids (T) after each `end`, the id of a line's end: a list of arrays, empty lines left out.

    What comes after the last end is left out too, as it may be half a line.

    Errors     ValueError if there is no line, or end is negative; TypeError if ids or end are not
               integers
    """
    ids = as_ids("cut_lines", ids, is_row=True)
    _must_be_id("cut_lines", end)
    parts = np.split(ids, np.flatnonzero(ids == end) + 1)[:-1]
    found = [part for part in parts if len(part) > 1]
    if not found:
        raise ValueError(f"cut_lines: there is no line: no id before an end, which is {end}")
    return found


def pad_lines(lines, *, end, window=None):
    """Lines of any length as one batch (ids, targets), both (B, T), with T the longest one's.

    The targets are the line; before its first id stands an end, as if from the line above. Behind a
    shorter line ids are filled with ends, and targets are IGNORED: the loss does not count them.

    Arguments  window: for a model that reads so many ids: ids are (B, T, window) then, at each
               place those up to there, and ends before the line; a view, not to be written to
    Errors     ValueError if there is no line, window is no size, or end is negative; TypeError if a
               line or end are not integers
    """
    return _padded("pad_lines", lines, end, window)


def random_lines(lines, *, batch_size, end, rng, window=None):
    """Endless batches (ids, targets) of lines at random, padded; see `pad_lines`.

    They hold different numbers of targets that count: a mean over several of them must weigh each
    batch by its number.

    Errors     as pad_lines; TypeError if rng is no generator
    """
    must_be_positive("random_lines", batch_size=batch_size)
    must_be_generator("random_lines", rng)
    _padded("random_lines", lines[:1], end, window)  # what does not fit is said here, and at once
    return _batches(lines, batch_size, end, rng, window)


def _padded(owner, lines, end, window):
    _must_be_id(owner, end)
    must_be_positive(owner, window=1 if window is None else window)
    lines = [as_ids(owner, line, is_row=True) for line in lines]
    if not lines or not all(len(line) for line in lines):
        raise ValueError(f"{owner}: there is no line, or an empty one")
    shape = len(lines), max(len(line) for line in lines)
    ids, targets = np.full(shape, end, np.int64), np.full(shape, IGNORED, np.int64)
    for i, line in enumerate(lines):
        ids[i, 1 : len(line)] = line[:-1]
        targets[i, : len(line)] = line
    if window is not None:
        ids = np.pad(ids, ((0, 0), (window - 1, 0)), constant_values=end)
        ids = np.lib.stride_tricks.sliding_window_view(ids, window, axis=1)
    return ids, targets


def _batches(lines, batch_size, end, rng, window):
    while True:
        chosen = [lines[i] for i in rng.integers(0, len(lines), batch_size)]
        yield _padded("random_lines", chosen, end, window)


def _must_be_id(owner, end):
    if not is_whole(end):
        raise TypeError(
            f"{owner}: end is {end!r}, but must be an id: characters.encode('\\n')[0], say"
        )
    if end < 0:
        raise ValueError(f"{owner}: end is {end}, but must be an id, 0 or above")
