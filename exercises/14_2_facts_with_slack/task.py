"""Exercise 14.2: rewrite many facts at once, some strictly, others as far as it is cheap.

Edit `edit_facts` and save. Then check("14.2") in the notebook of lesson 14 says what is right so
far, and so does `tinyffn check 14.2` in a terminal. `python task.py` runs the example in the
docstring.
"""

import numpy as np


def edit_facts(
    w: np.ndarray, keys: np.ndarray, values: np.ndarray, slack: np.ndarray, c: np.ndarray
):
    """The values w of a memory after n facts were written into it.

    The memory gives k w for a key k. Fact i wants values_i at keys_i. A new w_new = w + D is wanted
    that moves the old keys little (their average is c = E[k kᵀ]), and misses the facts by little:

        Σ_j D_jᵀ c D_j  +  Σ_i |values_i - keys_i w_new|² / slack_i    is the smallest possible

    where D_j is column j of D. The larger a fact's slack, the more it may miss. A fact with slack 0
    must hold exactly, and its term is left out.

    Shapes    w (d_ff, d_model), keys (n, d_ff), values (n, d_model), slack (n), 0 or above,
              c (d_ff, d_ff) -> w_new (d_ff, d_model)

    The n facts may be more than d_ff, or fewer. There are no more of slack 0 than d_ff, and their
    keys are linearly independent; c has an inverse. Floats of 32 bits in give floats of 32 bits
    out, and nothing that was handed in is written to.

    >>> w, c = np.zeros((2, 1)), np.eye(2)
    >>> keys, values = np.eye(2), np.array([[6.0], [6.0]])   # each key has a neuron of its own
    >>> edit_facts(w, keys, values, np.array([0.0, 1.0]), c).tolist()  # strict, and half way
    [[6.0], [3.0]]
    """
    raise NotImplementedError("replace this line")


if __name__ == "__main__":
    from tinyffn.lab import run_example

    run_example(edit_facts)
