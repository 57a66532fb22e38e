"""The answer to exercise 11.1, and how to get there.

Write the sum over heads as a sum over hidden units, with (h, j) for unit j of head h:

    y = Σ_h Σ_j gelu(x w_up_h[:, j] + b_up_h[j]) strength_h w_down_h[j]  +  Σ_h strength_h b_down_h

Each term of the double sum needs one column of a w_up, one number of a b_up and one row of a
w_down: a hidden unit of any feed-forward layer looks like this. So the units of all heads are the
units of the wide layer; where they stand does not matter, as long as column, number and row stand
at the same place. The strength belongs to what a unit writes: gelu(s a) is not s gelu(a).

A column of the wide W_up is made of entries that lie d_head apart in memory: the heads' axis must
stand beside that of their units before the two can become one.
"""

import numpy as np


def one_layer(w_up, b_up, w_down, b_down, strength, order):
    units_last = np.moveaxis(w_up, 0, 1)
    columns = units_last.reshape(len(units_last), -1)
    written = strength[:, None, None] * w_down
    rows = written.reshape(-1, written.shape[-1])
    return columns[:, order], b_up.ravel()[order], rows[order], strength @ b_down
