"""Exercise 2.3: feedback straight from the output.

Edit `fa_backward` and save. Then check("2.3") in the notebook of lesson 02 says what is right so
far, and so does `tinyffn check 2.3` in a terminal. `python task.py` runs the example below.
"""

import numpy as np


def fa_backward(x: np.ndarray, weights: list[np.ndarray], feedback: list[np.ndarray]):
    """A network whose gradients do not go back through its weights, layer by layer.

    Forward   h_0 = x,  h_k = tanh(h_(k-1) w_k)  for all layers but the last,  y = h_(L-1) w_L
    Backward  dh_k is not computed from dh_(k+1). Each hidden layer gets dy directly, through a
              fixed matrix of its own: dh_k = dy b_k. All else is as backpropagation has it; the
              slope of tanh is 1 - h², where h is its result.
    Shapes    x (N, d_0), w_k (d_(k-1), d_k), b_k (d_L, d_k) -> y (N, d_L)

    `weights` holds w_1 to w_L, one layer or more, and `feedback` holds b_1 to b_(L-1), so it is
    empty for a single layer. Return y and a function `backward` that takes dy, in the shape of y,
    and returns the list dw_1 to dw_L. dy holds one row for each example, and the loss is a sum over
    the examples. Nothing that was handed in is written to.

    >>> x = np.array([[1.0, 2.0]])
    >>> weights = [np.array([[0.0], [0.0]]), np.array([[3.0]])]
    >>> y, backward = fa_backward(x, weights, [np.array([[10.0]])])
    >>> dw_1, dw_2 = backward(np.array([[0.5]]))
    >>> print(dw_1)
    [[ 5.]
     [10.]]
    >>> print(dw_2)
    [[0.]]
    """
    raise NotImplementedError("replace this line")


if __name__ == "__main__":
    from tinyffn.lab import run_example

    run_example(fa_backward)
