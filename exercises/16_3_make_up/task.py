"""Exercise 16.3: the best weights for those that are still free.

Edit `make_up` and save. Then check("16.3") in the notebook of lesson 16 says what is right so far,
and so does `tinyffn check 16.3` in a terminal. `python task.py` runs the example in the docstring.
"""

import numpy as np


def make_up(
    w: np.ndarray,
    w_rounded: np.ndarray,
    is_rounded: np.ndarray,
    h: np.ndarray,
    c: np.ndarray,
):
    """New weights of a layer of which some columns are rounded and stay, and others are free.

    The layer is written as in the papers, not as in the lesson: it was y = w x, and column i of w
    belongs to input i. Two things have gone wrong since. The columns with is_rounded True have been
    rounded: they are now those of w_rounded, and must stay as they are there. (Its other columns
    mean nothing.) And the layers *before* have been rounded too: where this layer got x, it now
    gets x_new.

    Wanted are the free columns of w_new, such that the layer still says what it once said:

        the smallest mean of |w_new x_new - w x|²

    The mean is over everything that the model reads. You know of it, and need of it, two matrices.
    E[ ] is the mean:

        h_ij = E[x_new_i x_new_j]         c_ij = E[x_i x_new_j]     (c is not symmetric)

    So h is what the lesson calls C, of the new inputs. c says how the old inputs go with the new.

    Shapes    w, w_rounded (d_out, d_in), is_rounded (d_in) booleans, h, c (d_in, d_in)
              -> w_new (d_out, d_in)

    h has an inverse, and so has every block on its diagonal, though entries may be tiny. Floats of
    32 bits in give floats of 32 bits out, and nothing that was handed in is written to.

    >>> w, w_rounded = np.array([[1.4, 2.4]]), np.array([[1.0, 0.0]])
    >>> h = np.array([[2.0, 1.0], [1.0, 1.0]])             # of inputs that did not change: c is h
    >>> make_up(w, w_rounded, np.array([True, False]), h, h).round(6).tolist()
    [[1.0, 2.8]]
    >>> c = np.array([[2.0, 1.0], [1.0, 0.5]])             # the second input came only in part
    >>> make_up(w, w_rounded, np.array([True, False]), h, c).round(6).tolist()
    [[1.0, 1.6]]
    """
    raise NotImplementedError("replace this line")


if __name__ == "__main__":
    from tinyffn.lab import run_example

    run_example(make_up)
