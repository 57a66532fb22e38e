"""Exercise 17.3: at which learning rate does the next step flip a sign?

Edit `flip_limits` and `flipped_shares` and save. Then check("17.3") in the notebook of lesson 17
says what is right so far, and so does `tinyffn check 17.3` in a terminal. `python task.py` runs the
examples in the docstrings.
"""

import numpy as np


def flip_limits(
    w: np.ndarray,
    g: np.ndarray,
    m: np.ndarray,
    v: np.ndarray,
    t: int,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
    weight_decay: float = 0.0,
):
    """For each latent weight the rate up to which it keeps its sign in step number t of AdamW.

    Step t, which counts from 1, is for the gradient g

        m ← beta1 m + (1 - beta1) g        v ← beta2 v + (1 - beta2) g²
        w ← (1 - rate weight_decay) w - rate (m / (1 - beta1^t)) / (√(v / (1 - beta2^t)) + eps)

    and m and v are handed in as they are before it. The sign of a weight is +1 if it is >= 0, else
    -1. Any larger rate than the limit flips the sign. Where no rate does, the limit is infinity;
    where every rate above 0 does, it is 0.

    Shapes    w, g, m, v of one shape (...) -> limits (...)

    Nothing that was handed in is written to.

    >>> w, g = np.array([0.5, 0.5, -0.5, 0.0]), np.array([2.0, -2.0, -0.02, 2.0])
    >>> none = np.zeros(4)
    >>> flip_limits(w, g, none, none, 1).round(4).tolist()   # Adam's first step is rate long
    [0.5, inf, 0.5, 0.0]
    """
    raise NotImplementedError("replace this line")


def flipped_shares(limits: np.ndarray, rates: np.ndarray):
    """The share of all signs that a step flips, for each of some rates.

    Shapes    limits (...), as flip_limits gives, rates (n) -> shares (n)

    No rate that is asked for is exactly a limit.

    >>> flipped_shares(np.array([[0.5, np.inf], [0.1, 0.0]]), np.array([0.2, 0.9])).tolist()
    [0.5, 0.75]
    """
    raise NotImplementedError("replace this line")


if __name__ == "__main__":
    from tinyffn.lab import run_example

    run_example(flip_limits)
    run_example(flipped_shares)
