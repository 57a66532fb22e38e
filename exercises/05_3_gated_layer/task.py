"""Exercise 5.3: a whole gated layer, forward and backward, with gate and up in one matrix.

Edit `gated_layer` and save. Then check("5.3") in the notebook of lesson 05 says what is right so
far, and so does `tinyffn check 5.3` in a terminal. `python task.py` runs the example in the
docstring.
"""

import numpy as np


def gated_layer(x: np.ndarray, w_in: np.ndarray, w_down: np.ndarray):
    """SwiGLU: y = (silu(a) * u) w_down, where a and u are columns of one product x w_in.

    Forward   a_i = Σ_k x_k w_in_k,2i        the even columns of w_in, counted from 0: the gate
              u_i = Σ_k x_k w_in_k,2i+1      the odd columns: up
              h_i = silu(a_i) u_i, with silu(a) = a / (1 + exp(-a))
              y_j = Σ_i h_i w_down_ij
    Backward  dx, dw_in and dw_down from dy: for you to derive
    Shapes    x (..., d_model), w_in (d_model, 2 d_ff), w_down (d_ff, d_model) -> y (..., d_model)

    The dots stand for any number of leading axes, none included. Return y and a function
    `backward` that takes dy, in the shape of y, and returns dx, dw_in, dw_down. Numbers of any size
    give finite results. Floats of 32 bits in give floats of 32 bits out, and nothing that was
    handed in is written to.

    >>> x = np.array([[1.0, 2.0]])
    >>> w_in = np.array([[1.0, 0.0], [1.0, 2.0]])  # d_ff = 1: a = 3, u = 4
    >>> y, backward = gated_layer(x, w_in, np.array([[1.0, 10.0]]))
    >>> print(y.round(3))
    [[ 11.431 114.309]]
    >>> dx, dw_in, dw_down = backward(np.array([[1.0, 0.0]]))
    >>> print(dx.round(3))
    [[ 4.352 10.068]]
    >>> print(dw_in.round(3))
    [[4.352 2.858]
     [8.705 5.715]]
    >>> print(dw_down.round(3))
    [[11.431  0.   ]]
    """
    raise NotImplementedError("replace this line")


if __name__ == "__main__":
    from tinyffn.lab import run_example

    run_example(gated_layer)
