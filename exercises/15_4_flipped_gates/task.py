"""Exercise 15.4: which gates flip when weights are rounded, and what is lost by it.

Edit `flipped_gates` and save. Then check("15.4") in the notebook of lesson 15 says what is right so
far, and so does `tinyffn check 15.4` in a terminal. `python task.py` runs the example in the
docstring.
"""

import numpy as np


def flipped_gates(w: np.ndarray, v: np.ndarray, moment: np.ndarray):
    """How often neurons with ReLU switch differently with weights v for w, and what they lose.

    Neuron j is on for an input x if w_j · x > 0, and then passes w_j · x on; w_j is column j of w.
    With the rounded weights it is on if v_j · x > 0. Inputs are Gaussian with mean 0, and the mean
    of x xᵀ is moment: they may prefer some directions. Over all of them, for each neuron,

        flips   the share of inputs for which it is on with one of the two weights, but not with
                the other
        lost    of the squares that it should have passed on, the share that it did not: the sum of
                (w_j · x)² over inputs with w_j · x > 0 and v_j · x <= 0, divided by the sum over
                all inputs with w_j · x > 0

    Both from a formula for all inputs at once: no input is drawn, as counting drawn ones comes near
    but not near enough. A column of zeros is a neuron that is never on. Where
    nothing is to be passed on, nothing is lost: 0.

    Shapes    w and v (d_in, d_out), moment (d_in, d_in), symmetric, with an inverse
    Returns   flips (d_out), lost (d_out)

    >>> w, v = np.array([[1.0, 2.0], [0.0, -1.0]]), np.array([[1.0, 0.0], [1.0, -3.0]])
    >>> flips, lost = flipped_gates(w, v, moment=np.eye(2))
    >>> flips.round(4).tolist(), lost.round(4).tolist()     # by 45 degrees, and by 63.4 degrees
    ([0.25, 0.3524], [0.0908, 0.2251])
    """
    raise NotImplementedError("replace this line")


if __name__ == "__main__":
    from tinyffn.lab import run_example

    run_example(flipped_gates)
