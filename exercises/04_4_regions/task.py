"""Exercise 4.4: how many regions does each ReLU of a first layer add? Count them exactly.

Edit `regions_added` and save. Then check("4.4") in the notebook of lesson 04 says what is right so
far, and so does `tinyffn check 4.4` in a terminal. `python task.py` runs the example in the
docstring.
"""

import numpy as np


def regions_added(w: np.ndarray, b: np.ndarray, half: int) -> np.ndarray:
    """How many regions each line adds to an open square, drawn one line after the other.

    Line i holds the points (x, y) with w[0, i] x + w[1, i] y + b[i] = 0: there ReLU i switches. The
    square holds the points with -half < x < half and -half < y < half; its edges and its corners do
    not belong to it. At first the square is one region.

    Shapes    w (2, n), b (n), both of whole numbers -> (n), whole numbers of 64 bits

    Any of this may occur: lines that miss the square, or touch it in a corner; points where lines
    meet outside of it, or on its edge; parallel lines; many lines through one point; a line that
    was drawn before, perhaps with all three numbers multiplied by something; and a ReLU with
    w = (0, 0), which has no line.

    All numbers are whole and below a million, so every one of these questions has an exact answer.
    Whole numbers are enough to find it, NumPy is all that may be imported, and floats do not do:
    two points may be nearer than floats can tell. (Throwing points at the square is too slow for
    the check's clock, and misses what is small.)

    >>> w = np.array([[1, 0, 1, 1, 3], [0, 1, 1, 0, 3]])
    >>> b = np.array([0, 0, 0, 1, 0])
    >>> print(regions_added(w, b, 10))  # the last line is the third one again
    [1 2 2 3 0]
    """
    raise NotImplementedError("replace this line")


if __name__ == "__main__":
    from tinyffn.lab import run_example

    run_example(regions_added)
