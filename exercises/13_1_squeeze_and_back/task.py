"""Exercise 13.1: features squeezed through few dimensions, what it costs, and the slopes.

Edit `squeeze_loss` and save. Then check("13.1") in the notebook of lesson 13 says what is right so
far, and so does `tinyffn check 13.1` in a terminal. `python task.py` runs the example in the
docstring.
"""

import numpy as np


def squeeze_loss(x: np.ndarray, w: np.ndarray, b: np.ndarray, importance: np.ndarray):
    """The weighted error of features that went through m dimensions and back, and its gradients.

    As in the paper of Elhage et al., column i of w is the direction of feature i (in the lesson it
    is row i: there w is the transpose), and the same w writes features into m dimensions and reads
    them again. For each input (each row of x), with vectors as columns:

        h = w x             (m): what is kept of the n features
        z = wᵀ h + b        (n): what each feature's direction reads there
        x' = relu(z)

    The loss is a weighted mean over inputs and features, with the weights importance_i:

        loss = Σ_inputs Σ_i importance_i (x'_i - x_i)² / (number of inputs · Σ_i importance_i)

    so it stays the same if all importances are multiplied by one number. The importances are at
    least 0 and not all 0. The slope of relu is 1 where z > 0, and else 0.

    Shapes    x (..., n), w (m, n), b (n), importance (n)
    Returns   loss, dw, db: a number, and the loss's gradients by w (m, n) and by b (n)

    The dots stand for any number of leading axes: x may be (n), which is one input, or (B, n), or
    (B, T, n), which is B times T inputs.
    Nothing that was handed in is written to.

    >>> x, w, b = np.array([[0.5, 0.0], [0.0, 0.5]]), np.array([[1.0, -0.5]]), np.zeros(2)
    >>> loss, dw, db = squeeze_loss(x, w, b, importance=np.array([3.0, 1.0]))
    >>> print(round(float(loss), 4))
    0.0176
    >>> print(dw.round(3))
    [[0.    0.047]]
    >>> print(db.round(3))
    [ 0.    -0.094]
    """
    raise NotImplementedError("replace this line")


if __name__ == "__main__":
    from tinyffn.lab import run_example

    run_example(squeeze_loss)
