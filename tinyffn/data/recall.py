"""Two tasks for whatever moves information between positions: find by content, or by place.

In recall the answer stands behind an equal key, wherever that was: one must look at the contents to
know where. In copying it stands a fixed number of places back, whatever the contents are. Both are
made up at random, so nothing can be learnt by heart, and every batch is new.
"""

import numpy as np

from tinyffn.arguments import must_be_generator, must_be_positive
from tinyffn.ops.loss import IGNORED


def random_recall(*, n_pairs, n_keys, n_values, batch_size, rng):
    """Endless batches (ids, targets), both (batch_size, 3 n_pairs): n_pairs pairs, then questions.

    A row reads key value key value ..., and then all its keys once more in another order. At each
    of these the target is the value that followed this key; all other targets are IGNORED. Keys are
    drawn from 0 to n_keys - 1, values from n_keys to n_keys + n_values - 1, each as likely, and no
    two in a row are equal. For example, with 4 keys and 3 values,

        ids        2  5  0  4  3  6  0  3  2      2 is followed by 5, 0 by 4, 3 by 6
        targets    .  .  .  .  .  .  4  6  5

    Right by chance: 1 / n_values for a guess among all values, 1 / n_pairs for a guess among those
    that the row shows.

    Errors     ValueError if a size is no whole number above 0, or n_pairs is larger than n_keys or
               n_values; TypeError if rng is no generator
    Source     Arora et al. 2023 (Zoology, arXiv:2312.04927), whose questions stand further apart
    """
    must_be_positive(
        "random_recall", n_pairs=n_pairs, n_keys=n_keys, n_values=n_values, batch_size=batch_size
    )
    if n_pairs > min(n_keys, n_values):
        raise ValueError(
            f"random_recall: n_pairs is {n_pairs}, but must be at most n_keys = {n_keys} and "
            f"n_values = {n_values}: those of a row all differ"
        )
    must_be_generator("random_recall", rng)
    return _recall(n_pairs, n_keys, n_values, batch_size, rng)


def random_copying(*, length, offset, vocab_size, batch_size, rng):
    """Endless batches (ids, targets), both (batch_size, length): what stood `offset` places back?

    The ids are random, each as likely. The target at place t is the id at t - offset; the first
    `offset` targets are IGNORED. Right by chance: 1 / vocab_size.

    Errors     ValueError if a size is no whole number above 0, or offset is not below length;
               TypeError if rng is no generator
    """
    must_be_positive(
        "random_copying", length=length, offset=offset, vocab_size=vocab_size, batch_size=batch_size
    )
    if offset >= length:
        raise ValueError(
            f"random_copying: offset is {offset}, but must be below the length of {length}: no id "
            "would have a target"
        )
    must_be_generator("random_copying", rng)
    return _copying(length, offset, vocab_size, batch_size, rng)


def _recall(n_pairs, n_keys, n_values, batch_size, rng):
    def draw(n):  # n_pairs different ones of n, for each row
        return rng.permuted(np.tile(np.arange(n), (batch_size, 1)), axis=1)[:, :n_pairs]

    while True:
        keys, values, order = draw(n_keys), n_keys + draw(n_values), draw(n_pairs)
        pairs = np.stack([keys, values], axis=2).reshape(batch_size, 2 * n_pairs)
        ids = np.concatenate([pairs, np.take_along_axis(keys, order, axis=1)], axis=1)
        targets = np.full_like(ids, IGNORED)
        targets[:, 2 * n_pairs :] = np.take_along_axis(values, order, axis=1)
        yield ids, targets


def _copying(length, offset, vocab_size, batch_size, rng):
    while True:
        ids = rng.integers(vocab_size, size=(batch_size, length))
        targets = np.full_like(ids, IGNORED)
        targets[:, offset:] = ids[:, :-offset]
        yield ids, targets
