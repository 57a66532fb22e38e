"""Exercise 3.2: cross-entropy where several people said what a picture shows.

Edit `cross_entropy` and save. Then check("3.2") in the notebook of lesson 03 says what is right so
far, and so does `tinyffn check 3.2` in a terminal. `python task.py` runs the example below.
"""

import numpy as np


def cross_entropy(scores: np.ndarray, votes: np.ndarray):
    """Mean surprise, in nats, at a vote: each vote of the whole batch counts the same.

    votes_ni is how many people said that picture n shows class i: a number from 0 up, not always a
    whole one. A picture may have many votes, or one, or none; the batch has some.

    Forward   p_ni = exp(scores_ni) / Σ_k exp(scores_nk)
              loss = - Σ_n Σ_i votes_ni log p_ni / Σ_n Σ_i votes_ni
    Backward  dscores from dy, the slope of what comes after the loss: for you to derive
    Shapes    scores (..., n_classes), votes (..., n_classes) -> loss ()

    The dots stand for any number of leading axes: all of them count pictures. Return the loss and a
    function `backward` that takes dy, a single number, and returns dscores in the shape of scores.
    (Votes are given, not learned: they get no gradient.) Scores may be as large as 10000 or as low
    as -10000. Floats of 32 bits in give floats of 32 bits out, and nothing that was handed in is
    written to.

    >>> scores = np.log(np.array([[1.0, 1.0, 2.0], [1.0, 8.0, 1.0]]))
    >>> votes = np.array([[0.0, 0.0, 1.0], [3.0, 0.0, 0.0]])
    >>> loss, backward = cross_entropy(scores, votes)
    >>> print(f"{loss:.4f}")  # (log 2 + 3 log 10) / 4
    1.9002
    >>> print(backward(np.array(40.0)).round(6))
    [[  2.5   2.5  -5. ]
     [-27.   24.    3. ]]
    """
    raise NotImplementedError("replace this line")


if __name__ == "__main__":
    from tinyffn.lab import run_example

    run_example(cross_entropy)
