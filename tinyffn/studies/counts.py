"""Count models: what a language model must beat to have learnt anything.

They are fitted on the training part and scored on the same held-out part as the model. An id's
probability comes from how often it followed the ids before it.
"""

import numpy as np

from tinyffn.arguments import as_ids, is_whole, must_be_above, must_be_positive


def bigram_bits(train, test, vocab_size, *, smoothing=1.0):
    """Bits per id of a bigram model with add-λ smoothing, on all of `test` but its first id.

        p(c | h) = (count(h, c) + λ) / (count(h) + λ vocab_size)

    Arguments  train, test: ids (T); smoothing: λ > 0
    Errors     ValueError if a part has less than two ids, or ids are not in 0..vocab_size-1;
               TypeError if they are not integers
    """
    _check("bigram_bits", train, test, vocab_size)
    must_be_above("bigram_bits", 0, smoothing=smoothing)
    count = _look_up(train[:-1] * vocab_size + train[1:], test[:-1] * vocab_size + test[1:])
    count_h = np.bincount(train[:-1], minlength=vocab_size)[test[:-1]]
    return float(-np.log2((count + smoothing) / (count_h + smoothing * vocab_size)).mean())


def witten_bell_bits(train, test, vocab_size, *, context):
    """Bits per id of interpolated Witten-Bell counts, with 0, 1, ... `context` ids of context.

        p_n(c | h) = (count(h, c) + kinds(h) p_{n-1}(c | h')) / (count(h) + kinds(h))

    h are the n ids before c, h' is h without its oldest, kinds(h) is how many different ids
    followed h; p_{-1} = 1 / vocab_size. A context never seen leaves p_{n-1} as it is.

    Returns    a list of context + 1 numbers, each over all of `test` but its first id
    Errors     as bigram_bits; ValueError if context is negative, or not shorter than train
    Source     Witten and Bell 1991 (The zero-frequency problem), method C; Chen and Goodman 1998
               (An empirical study of smoothing techniques for language modeling), section 2.5
    """
    each = witten_bell_surprises(train, test, vocab_size, context=context)
    return [float(bits.mean()) for bits in each]


def witten_bell_surprises(train, test, vocab_size, *, context):
    """The bits of each id of `test` but its first, for every length of context.

    Returns    an array (context + 1, len(test) - 1), of which `witten_bell_bits` is the mean
    Errors     as witten_bell_bits
    """
    _check("witten_bell_bits", train, test, vocab_size)
    if not is_whole(context) or not 0 <= context < len(train):
        raise ValueError(
            f"witten_bell_bits: context is {context!r}, but must be a whole number, at least 0 "
            f"and below {len(train)}, the length of train"
        )
    stream = np.concatenate([train, test])
    history = np.zeros(len(stream), dtype=np.int64)  # each different history has a number
    p = np.full(len(test), 1.0 / vocab_size)
    bits = []
    for n in range(context + 1):
        if n > 0:
            history = _one_longer(history, stream, vocab_size)
        events = history * vocab_size + stream  # a history and what followed it
        train_h, test_h = history[n : len(train)], history[len(train) :]
        train_events, test_events = events[n : len(train)], events[len(train) :]
        count = _look_up(train_events, test_events)
        count_h = _look_up(train_h, test_h)
        kinds_h = _look_up(np.unique(train_events) // vocab_size, test_h)
        p = np.where(count_h > 0, (count + kinds_h * p) / np.maximum(count_h + kinds_h, 1), p)
        bits.append(-np.log2(p[1:]))
    return np.array(bits)


def _one_longer(history, stream, vocab_size):
    """Numbers for the histories with one id more: the history a step back, and the id there."""
    longer = np.zeros_like(history)
    longer[1:] = history[:-1] * vocab_size + stream[:-1]
    return np.unique(longer, return_inverse=True)[1]


def _look_up(seen, wanted):
    """How often each of the wanted numbers stands among those seen."""
    kinds, counts = np.unique(seen, return_counts=True)
    place = np.minimum(np.searchsorted(kinds, wanted), len(kinds) - 1)
    return np.where(kinds[place] == wanted, counts[place], 0)


def _check(owner, train, test, vocab_size):
    must_be_positive(owner, vocab_size=vocab_size)
    for name, ids in [("train", train), ("test", test)]:
        if len(as_ids(owner, ids, name=f"ids in {name}", n=vocab_size, is_row=True)) < 2:
            raise ValueError(f"{owner}: {name} has {len(ids)} ids, but needs 2 or more")
