"""Exercise 9.3: a sublayer on the residual stream, with its norm, forward and backward.

Edit `residual_sublayer` and save. Then check("9.3") in the notebook of lesson 09 says what is right
so far, and so does `tinyffn check 9.3` in a terminal. `python task.py` runs the example in the
docstring.
"""

import numpy as np


def residual_sublayer(x: np.ndarray, gain: np.ndarray, f, eps: float = 1e-5):
    """Half of a pre-norm block: y = x + f(u), where u is x, normalised and times the gain.

    Forward   u_ni = gain_i x_ni / sqrt(mean_k x_nk^2 + eps), the mean over the last axis
              y = x + f(u)
    Backward  dx and dgain from dy: for you to derive
    Shapes    x (..., d), gain (d), u and f(u) like x -> y (..., d)

    f is any sublayer, given as a pair: `v, f_backward = f(u)`. It may mix positions, as attention
    does. `f_backward(dv)` returns a tuple: du first, then the gradients of whatever f learns, none
    or several. All you know of f is this pair: see given.py for those of the checks.

    The dots stand for any number of leading axes, none included. Return y and a function `backward`
    that takes dy, in the shape of y, and returns a tuple: dx, dgain, then what f_backward returned
    after du, as it is. Floats of 32 bits in give floats of 32 bits out, and nothing that was handed
    in is written to.

    >>> def doubled(u):
    ...     return 2.0 * u, lambda dv: (2.0 * dv,)
    >>> x, gain = np.array([[3.0, 1.0], [1.0, -1.0]]), np.array([1.0, 10.0])
    >>> y, backward = residual_sublayer(x, gain, doubled, eps=0.0)
    >>> print(y.round(3))
    [[  5.683   9.944]
     [  3.    -21.   ]]
    >>> dx, dgain = backward(np.array([[1.0, 0.0], [0.0, 1.0]]))
    >>> print(dx.round(3))
    [[ 1.089 -0.268]
     [10.    11.   ]]
    >>> print(dgain.round(3))
    [ 2.683 -2.   ]
    """
    raise NotImplementedError("replace this line")


if __name__ == "__main__":
    from tinyffn.lab import run_example

    run_example(residual_sublayer)
