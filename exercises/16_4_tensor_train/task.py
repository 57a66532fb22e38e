"""Exercise 16.4: one matrix as a tensor train of two cores.

Edit `tensor_train`, `product` and `ranks`, and save. Then check("16.4") in the notebook of lesson
16 says what is right so far, and so does `tinyffn check 16.4` in a terminal. `python task.py` runs
the examples in the docstrings.
"""

import numpy as np


def tensor_train(w: np.ndarray, outs: tuple[int, int], ins: tuple[int, int], rank: int):
    """The train of two cores that is closest to w.

    The weight is written as in the papers, and not as in the lesson: y = w x, a row for each
    output. The number of an output is written with two digits, o1 and o2: output o1 * outs[1] + o2.
    So is that of an input, i1 and i2: input i1 * ins[1] + i2. A **train of two cores** is a weight
    whose numbers are sums of products,

        w[(o1, o2), (i1, i2)]  =  Σ_k first[o1, i1, k] second[k, o2, i2]      k < rank

    The first core knows the first digits, the second core the second digits, and all that they have
    in common is k. (Physicists keep states of many quantum particles so, with a core for each.)

    Of all trains with this rank, return one with the smallest sum of squares of what it leaves of
    w. How a factor is shared between the two cores is up to you: only their product counts.

    You need this about matrices. For any matrix m, NumPy finds columns of u, numbers s and rows of
    vt with

        u, s, vt = np.linalg.svd(m, full_matrices=False)         m = Σ_k s[k] u[:, k] vt[k]

    where s[0] >= s[1] >= ... >= 0 are the singular values of lesson 01, and u[:, k] vt[k] is a
    column times a row. And of all sums of r terms "a column times a row", the first r of these are
    the closest to m (Eckart and Young 1936): (u[:, :r] * s[:r]) @ vt[:r].

    Shapes    w (d_out, d_in), d_out = outs[0] * outs[1], d_in = ins[0] * ins[1]
              -> first (outs[0], ins[0], rank), second (rank, outs[1], ins[1])
              1 <= rank, at most the smaller of outs[0] * ins[0] and outs[1] * ins[1]

    Floats of 32 bits in give floats of 32 bits, and nothing that was handed in is written to: this
    holds for `product` too.

    >>> p, q = np.array([[1.0, 2.0]]), np.array([[1.0], [3.0]])      # 1 x 2 and 2 x 1
    >>> w = np.array([[1.0, 2.0], [3.0, 6.0]])                       # p[o1, i1] q[o2, i2]
    >>> first, second = tensor_train(w, (1, 2), (2, 1), 1)
    >>> (first[..., 0] * second[0]).round(6).tolist()
    [[1.0, 2.0], [3.0, 6.0]]
    """
    raise NotImplementedError("replace this line")


def product(x: np.ndarray, first: np.ndarray, second: np.ndarray):
    """What the layer gives for inputs x, without its matrix: y = w x for the w of the two cores.

    A check has cores whose matrix would take 96 GB. Sum with one core, then with the other. (A
    single einsum of all three runs over all numbers of the matrix, unless it is told otherwise.)

    Shapes    x (..., d_in), first (o1, i1, rank), second (rank, o2, i2) -> (..., d_out)

    >>> first, second = np.array([[[1.0], [2.0]]]), np.array([[[1.0], [3.0]]])
    >>> product(np.array([10.0, 1.0]), first, second).tolist()       # the w of the example above
    [12.0, 36.0]
    """
    raise NotImplementedError("replace this line")


def ranks(outs: tuple[int, int], ins: tuple[int, int], n_bytes: int):
    """The largest ranks for which the numbers, of 16 bits each, fit into n_bytes.

    Two ways to keep a weight w (d_out, d_in): as a product of two matrices, (d_out, rank) times
    (rank, d_in), and as a train. A rank never needs to be larger than the smaller side of the table
    that svd takes apart, as then the error is 0: cut both ranks there.

    Returns   (rank of the product, rank of the train), two whole numbers; 0 if not even one fits

    >>> ranks((16, 16), (8, 8), 2560)      # each rank takes 2 * 320 bytes, or 2 * 256
    (4, 5)
    """
    raise NotImplementedError("replace this line")


if __name__ == "__main__":
    from tinyffn.lab import run_example

    run_example(tensor_train)
    run_example(product)
    run_example(ranks)
