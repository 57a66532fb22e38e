"""Exercise 9.1: what a transformer block holds, and what it costs to read on.

Edit `block_price` and save. Then check("9.1") in the notebook of lesson 09 says what is right so
far, and so does `tinyffn check 9.1` in a terminal. `python task.py` runs the example in the
docstring.
"""


def block_price(
    d_model: int,
    d_ff: int,
    n_heads: int,
    n_kv_heads: int,
    d_head: int,
    gated: bool,
    bias: bool,
    n_cached: int,
    n_new: int,
):
    """The parameters of a block, and the FLOPs of reading n_new tokens after n_cached others.

    Attention     a map from d_model to n_heads queries of d_head numbers each, one to n_kv_heads
                  keys and one to n_kv_heads values, of d_head numbers each too; each head takes a
                  weighted sum of values; a map from all heads' sums, side by side, to d_model
    Feed-forward  one hidden layer of d_ff numbers, or, if `gated`, a gated one with as many

    With `bias`, each map adds a bias. The two norms are left aside. n_heads d_head need not be
    d_model. Where there are fewer keys than queries, several heads share a key and its value.

    The n_cached tokens were read before: their keys and values lie in a cache, ready to be used,
    and nothing about them is worked out again. Each of the n_new tokens sees them, the new ones
    before it, and itself. The future is not even looked at.

    A FLOP is one multiplication or one addition. Only those of matrix products count, where each
    product of two numbers takes two: it must be added, too. Biases, norms, softmax and activations
    count nothing. Return the number of parameters and the FLOPs, both whole numbers.

    >>> block_price(2, 3, 1, 1, 2, gated=False, bias=False, n_cached=0, n_new=1)
    (28, 64)
    >>> block_price(2, 3, 1, 1, 2, gated=False, bias=True, n_cached=4, n_new=1)
    (41, 96)
    """
    raise NotImplementedError("replace this line")


if __name__ == "__main__":
    from tinyffn.lab import run_example

    run_example(block_price)
