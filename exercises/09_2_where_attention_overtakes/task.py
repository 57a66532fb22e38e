"""Exercise 9.2: from which length of text on does attention cost more than the feed-forward layer?

Edit `overtakes` and save. Then check("9.2") in the notebook of lesson 09 says what is right so
far, and so does `tinyffn check 9.2` in a terminal. `python task.py` runs the example in the
docstring.
"""


def overtakes(
    d_model: int,
    d_ff: int,
    n_heads: int,
    n_kv_heads: int,
    d_head: int,
    gated: bool,
    times: int = 1,
):
    """The two shortest texts that take more FLOPs in attention than `times` the feed-forward ones.

    Attention     n_heads queries, n_kv_heads keys and n_kv_heads values, each of d_head numbers,
                  and a map from all heads' weighted sums to d_model. Its FLOPs are those of its
                  four maps, and those of all scores and weighted sums
    Feed-forward  one hidden layer of d_ff numbers, or, if `gated`, a gated one with as many

    A FLOP is one multiplication or one addition; only those of matrix products count. n_heads
    d_head need not be d_model. A text of n tokens is read at once, and counts as a whole, from its
    first token to its last.

    Return two whole numbers of tokens: the smallest n (1 or more) if each token sees all n of them,
    and the smallest n if each sees those before it and itself, and the rest costs nothing. At equal
    cost, attention has not yet overtaken. No module but NumPy may be imported, math neither.

    >>> overtakes(4, 16, 2, 2, 2, False)
    (9, 16)
    >>> overtakes(4, 16, 2, 2, 2, False, times=3)
    (41, 80)
    """
    raise NotImplementedError("replace this line")


if __name__ == "__main__":
    from tinyffn.lab import run_example

    run_example(overtakes)
