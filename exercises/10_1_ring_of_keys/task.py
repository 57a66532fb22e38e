"""Exercise 10.1: the next token, with a ring of keys and values.

Edit `attend` and save. Then check("10.1") in the notebook of lesson 10 says what is right so far,
and so does `tinyffn check 10.1` in a terminal. `python task.py` runs the example in the docstring.
"""

import numpy as np


def attend(
    q: np.ndarray,
    k: np.ndarray,
    v: np.ndarray,
    keys: np.ndarray,
    values: np.ndarray,
    n_seen: int,
):
    """Attention of one new token, over a cache that forgets the oldest token when it is full.

    The cache has room for `room` tokens. Token number t, counted from 0, lies at place t mod room,
    from when it comes until another takes its place. Before this call `n_seen` tokens have come,
    which may be more than room; the new one is token number n_seen. It is written first, and then
    attends to all tokens that the cache holds by now, itself included. Places that no token has
    taken yet may hold anything.

    Query heads share heads of keys and values: group = n_heads / n_kv_heads neighbours ask the
    same one, so query head h asks key-value head h // group.

    Forward   s_hj = Σ_c q_hc key_jgc / √d_head, with g = h // group, for each place j with a token
              y_hc = Σ_j p_hj value_jgc, with p_hj = exp(s_hj) / Σ_l exp(s_hl)
    Shapes    q (B, n_heads, d_head), k (B, n_kv_heads, d_head), v (B, n_kv_heads, d_v),
              keys (B, room, n_kv_heads, d_head), values (B, room, n_kv_heads, d_v)
              -> y (B, n_heads, d_v), new keys, new values

    Return y and the new caches, in the shapes of the old ones. Scores of any size give finite
    results. Floats of 32 bits in give floats of 32 bits out, and nothing that was handed in is
    written to: new caches are new arrays.

    >>> keys, values = np.zeros((1, 2, 1, 1)), np.zeros((1, 2, 1, 1))  # room for 2
    >>> q, k = np.zeros((1, 1, 1)), np.zeros((1, 1, 1))  # all scores are 0: y is a plain mean
    >>> for n_seen, number in enumerate([1.0, 3.0, 7.0]):
    ...     v = np.full((1, 1, 1), number)
    ...     y, keys, values = attend(q, k, v, keys, values, n_seen)
    ...     print(y.item(), values.ravel())
    1.0 [1. 0.]
    2.0 [1. 3.]
    5.0 [7. 3.]
    """
    raise NotImplementedError("replace this line")


if __name__ == "__main__":
    from tinyffn.lab import run_example

    run_example(attend)
