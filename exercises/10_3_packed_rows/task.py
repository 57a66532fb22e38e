"""Exercise 10.3: who may see whom in a packed row, and which predictions count.

Edit `packed` and save. Then check("10.3") in the notebook of lesson 10 says what is right so far,
and so does `tinyffn check 10.3` in a terminal. `python task.py` runs the example in the docstring.
"""

import numpy as np


def packed(documents: np.ndarray, prefixes: np.ndarray):
    """The mask of a row into which several documents are packed, and which predictions count.

    documents[i] says which document token i is from: 0 for the first tokens, then 1, and so on; -1
    is padding, which may stand anywhere between documents or at the end. prefixes[d] is the length
    of the prefix of document d: its first tokens, a question, say, which see each other in both
    directions. It may be 0, or longer than the document.

    Token i may see token j if both are from one document, and j is not after i or is in the prefix.
    Padding sees itself alone (a row of softmax needs something to see), and no one else sees it.

    At place i, token i + 1 is to be predicted. That counts if token i + 1 is from the same document
    and not in its prefix, which its neighbours have seen already. At padding, nothing counts.

    Shapes    documents (T), prefixes (n_documents), whole numbers
              -> sees (T, T), counts (T), both of bool

    Return sees and counts: sees[i, j] is True if i may see j, and counts[i] if what is predicted at
    place i counts. Nothing that was handed in is written to.

    >>> sees, counts = packed(np.array([0, 0, 0, 1, 1, -1]), np.array([2, 0]))
    >>> print(sees.astype(int))
    [[1 1 0 0 0 0]
     [1 1 0 0 0 0]
     [1 1 1 0 0 0]
     [0 0 0 1 0 0]
     [0 0 0 1 1 0]
     [0 0 0 0 0 1]]
    >>> print(counts.astype(int))
    [0 1 0 1 0 0]
    """
    raise NotImplementedError("replace this line")


if __name__ == "__main__":
    from tinyffn.lab import run_example

    run_example(packed)
