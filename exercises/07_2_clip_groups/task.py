"""Exercise 7.2: clip two kinds of gradients by their own limits, and survive bad numbers.

Edit `clip_groups` and save. Then check("7.2") in the notebook of lesson 07 says what is right so
far, and so does `tinyffn check 7.2` in a terminal. `python task.py` runs the example in the
docstring.
"""

import numpy as np


def clip_groups(gradients: list[np.ndarray], groups: list[int], limits: list[float]):
    """Scale the gradients of each group by one factor, so that together they are short enough.

    gradients[i] belongs to the group groups[i], a number from 0 up; limits[g] is the limit of group
    g. The length of a group is the root of the sum of the squares of all entries of all its
    gradients. Its scale is the largest number, at most 1, that takes the length to the limit or
    below.

    Three things that happen in practice:

    - Entries may be as large as 1e200. Their squares, 1e400, do not fit into a float, and yet the
      clipped gradients are ordinary numbers.
    - A group may hold an entry that is infinite or not a number. Nothing in this group can be
      trusted then: its scale is 0, and all its gradients become zeros. The other groups are clipped
      as ever.
    - All gradients of a group may be zero, or it may have none. Its scale is 1.

    Shapes    gradients of any shapes
    Returns   a list of new gradients, each with the shape and the type of its own, and an array of
              the scales (number of groups), float64

    Nothing that was handed in is written to.

    >>> gradients = [np.array([3.0, 0.0]), np.array([[4.0]]), np.array([6.0, 8.0])]
    >>> clipped, scales = clip_groups(gradients, groups=[0, 0, 1], limits=[1.0, 20.0])
    >>> print(scales)
    [0.2 1. ]
    >>> print(clipped[0].round(6), clipped[1].round(6), clipped[2].round(6))
    [0.6 0. ] [[0.8]] [6. 8.]
    """
    raise NotImplementedError("replace this line")


if __name__ == "__main__":
    from tinyffn.lab import run_example

    run_example(clip_groups)
