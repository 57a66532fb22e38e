"""Outliers on purpose: what a damaged file does to a batch now and then."""

import numpy as np

from tinyffn.arguments import must_be_generator, must_be_positive, must_be_share
from tinyffn.ops.loss import IGNORED


def damaged(batches, *, share, vocab_size, rng):
    """The same batches (ids, targets), of which now and then one is a single id over and over.

    So a file looks that a broken disk has filled with one character. All rows of such a batch pull
    the parameters the same way, and the gradient is many times as long as that of text. Targets
    that are IGNORED stay so.

    Arguments  share: the chance of a batch to be damaged; its id is drawn from 0..vocab_size-1
               rng: a generator of its own, so that the batches are the same without damage
    Errors     ValueError if share is not in [0, 1) or vocab_size is no size; TypeError if rng is no
               generator
    """
    must_be_share("damaged", share=share)
    must_be_positive("damaged", vocab_size=vocab_size)
    must_be_generator("damaged", rng)
    return _damaged(batches, share, vocab_size, rng)


def _damaged(batches, share, vocab_size, rng):
    for ids, targets in batches:
        if rng.random() < share:
            one, targets = rng.integers(vocab_size), np.array(targets)
            targets[targets != IGNORED] = one
            ids = np.full_like(ids, one)
        yield ids, targets
