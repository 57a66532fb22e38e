"""The answer to exercise 10.3, and how to get there.

Three squares of yes and no: from one document; not after; in the prefix. The last is a question to
the one who is *seen*, so it is the same for a whole column. Those who see need not be asked: who is
in the prefix too sees it in both directions, and who stands behind it would see it anyway.

Why nothing leaks: let place i count. Token i + 1 is not in the prefix, so only those at i + 1 or
later in its document see it. Place i sees tokens up to i, and tokens of the prefix, which see
nothing but the prefix. Through however many layers: no way leads from i to token i + 1.

Each token's number in its document is its place less that of the document's first token, and the
first True of its row in `alike` is just that place.
"""

import numpy as np


def packed(documents, prefixes):
    places = np.arange(len(documents))
    is_text = documents >= 0
    alike = np.equal.outer(documents, documents) & is_text
    number = places - alike.argmax(axis=1)
    known = np.zeros(len(documents), bool)
    known[is_text] = number[is_text] < prefixes[documents[is_text]]
    sees = alike & (np.greater_equal.outer(places, places) | known)
    np.fill_diagonal(sees, True)
    counts = np.append(alike.diagonal(1) & ~known[1:], False)
    return sees, counts
