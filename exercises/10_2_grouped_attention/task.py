"""Exercise 10.2: grouped attention, forward and backward.

Edit `grouped_attention` and save. Then check("10.2") in the notebook of lesson 10 says what is
right so far, and so does `tinyffn check 10.2` in a terminal. `python task.py` runs the example in
the docstring.
"""

import numpy as np


def grouped_attention(q: np.ndarray, k: np.ndarray, v: np.ndarray):
    """Causal attention in which several query heads share one head of keys and values.

    There are n_heads of queries and n_kv_heads of keys and values; group = n_heads / n_kv_heads is
    a whole number. Neighbours share: query heads 0 to group - 1 ask key-value head 0, the next
    group of them asks head 1, and so on. Token t sees the tokens 0 to t of its own row.

    Forward   for query head h of token t, with g = h // group:
              s_j = Σ_c q_thc k_jgc / √d_head, for each j up to t
              p_j = exp(s_j) / Σ_l exp(s_l)
              y_thc = Σ_j p_j v_jgc
    Backward  dq, dk and dv from dy: for you to derive
    Shapes    q (B, T, n_heads, d_head), k (B, T, n_kv_heads, d_head), v (B, T, n_kv_heads, d_v)
              -> y (B, T, n_heads, d_v)

    The heads stand after the tokens, just as a dense layer leaves them. Return y and a function
    `backward` that takes dy, in the shape of y, and returns dq, dk, dv, each in the shape of its
    argument. Numbers of any size give finite results. Floats of 32 bits in give floats of 32 bits
    out, and nothing that was handed in is written to.

    >>> q = np.zeros((1, 2, 2, 1))  # 2 tokens, 2 heads: all scores are 0, so weights are equal
    >>> k = np.array([0.0, 1.0]).reshape(1, 2, 1, 1)
    >>> v = np.array([1.0, 3.0]).reshape(1, 2, 1, 1)
    >>> y, backward = grouped_attention(q, k, v)
    >>> print(y.reshape(2, 2))  # a row for each token: the second one takes the mean of 1 and 3
    [[1. 1.]
     [2. 2.]]
    >>> dq, dk, dv = backward(np.ones((1, 2, 2, 1)))
    >>> print(dv.reshape(2))  # the first value: 1 from each head of token 0, 1/2 of token 1
    [3. 1.]
    >>> print(dq.reshape(2, 2))
    [[0.  0. ]
     [0.5 0.5]]
    """
    raise NotImplementedError("replace this line")


if __name__ == "__main__":
    from tinyffn.lab import run_example

    run_example(grouped_attention)
