"""Exercise 8.4: an attention head as a two-layer MLP.

Edit `head_as_mlp` and save. Then check("8.4") in the notebook of lesson 08 says what is right so
far, and so does `tinyffn check 8.4` in a terminal. `python task.py` runs the example in the
docstring.
"""

import numpy as np


def head_as_mlp(
    w_query: np.ndarray,
    b_query: np.ndarray,
    keys: np.ndarray,
    values: np.ndarray,
    slope: float,
    hidden: np.ndarray,
):
    """The weights of a two-layer MLP that does what an attention head does with this context.

    The head    q = x w_query + b_query, a query at some position t, at the end of the context or
                behind it
                score_j = Σ_c q_c key_jc / √d_head - slope (t - j): the farther key j is from the
                query, the more its score is lowered
                p = softmax of the scores of those keys that are not hidden
                y = Σ_j p_j value_j, over the same keys
    The MLP     y = softmax(x w_up + b_up) w_down
    Shapes      w_query (d_model, d_head), b_query (d_head), keys (S, d_head), values (S, d_v),
                hidden (S), True or False -> w_up (d_model, d_ff), b_up (d_ff), w_down (d_ff, d_v)

    Return w_up, b_up and w_down. The MLP is not told t, and yet must give the head's y for every x
    and every t: why does it not need t? You choose d_ff, and numbers of b_up may be -∞.

    At least one key is not hidden. Where a key is hidden, its rows of keys and values may hold
    anything, such as NaN in memory that was never filled. slope may be a number of Python or of
    NumPy: if the arrays are floats of 32 bits, so is what you return. Nothing that was handed in is
    written to.

    >>> w_query, b_query = np.array([[1.0]]), np.array([0.0])
    >>> keys, values = np.array([[0.0], [2.0], [9.0]]), np.array([[8.0], [4.0], [7.0]])
    >>> hidden = np.array([False, False, True])
    >>> w_up, b_up, w_down = head_as_mlp(w_query, b_query, keys, values, np.log(3), hidden)
    >>> e = np.exp(np.array([[0.0], [0.5]]) @ w_up + b_up)  # two x
    >>> p = e / e.sum(axis=-1, keepdims=True)
    >>> print((p @ w_down).round(3))  # for x = 0: three quarters of 4, a quarter of 8
    [[5.   ]
     [4.437]]
    """
    raise NotImplementedError("replace this line")


if __name__ == "__main__":
    from tinyffn.lab import run_example

    run_example(head_as_mlp)
