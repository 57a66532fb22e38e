"""The answer to exercise 4.3, and how to get there.

Call u(j) the old unit of which j is a copy, and n_u the number of copies of u. A copy receives the
same, so it gives the same: h'_j = h_u(j). The layer behind must receive what it did before:

    Σ_j h'_j w'_jk = Σ_u h_u Σ_{j with u(j) = u} w'_jk = Σ_u h_u w_uk

which holds if the n_u copies of u each send w_uk / n_u. In a table between two hidden layers, rows
are units that send and columns are units that receive. So rows are copied and divided, columns are
copied, and the input and the output are each a single copy of themselves.
"""

import numpy as np


def widen(layers, copies):
    first, last = layers[0][0], layers[-1][0]
    senders = [np.arange(len(first)), *copies]
    receivers = [*copies, np.arange(last.shape[1])]
    wider = []
    for (w, b), sent_by, received_by in zip(layers, senders, receivers, strict=True):
        share = 1 / np.bincount(sent_by)[sent_by, None]
        wider.append((w[np.ix_(sent_by, received_by)] * share.astype(w.dtype), b[received_by]))
    return wider
