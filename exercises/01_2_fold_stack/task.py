"""Exercise 1.2: fold a stack of dense layers, each stored as one table with its bias inside.

Edit `fold` and save. Then check("1.2") in the notebook of lesson 01 says what is right so far,
and so does `tinyffn check 1.2` in a terminal. `python task.py` runs the example in the docstring.
"""

import numpy as np


def fold(tables: list[np.ndarray]) -> np.ndarray:
    """The one table that does the work of all the tables, one after the other.

    A table holds a whole layer: the bias is its last row, and all rows above are the weights.

    One layer  y_j = Σ_i x_i t_ij + t_dj, where i runs over the d inputs and t_dj is the last row
    Shapes     tables[0] (d_0 + 1, d_1), tables[1] (d_1 + 1, d_2), ... -> (d_0 + 1, d_n)

    An example x goes through tables[0] first, then through tables[1], and so on. There is at least
    one table (it is its own answer), there may be many, and each width may differ from the next.
    Floats of 32 bits in give floats of 32 bits out, and nothing that was handed in, neither the
    list nor a table, is written to.

    >>> first = np.array([[1.0, 2.0], [0.0, 1.0], [10.0, 20.0]])  # 2 numbers in, 2 out
    >>> second = np.array([[1.0], [-1.0], [3.0]])  # 2 numbers in, 1 out
    >>> print(fold([first, second]))
    [[-1.]
     [-1.]
     [-7.]]
    """
    raise NotImplementedError("replace this line")


if __name__ == "__main__":
    from tinyffn.lab import run_example

    run_example(fold)
