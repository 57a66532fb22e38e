"""The answer to exercise 16.4, and how to get there.

For a fixed k, first[o1, i1, k] second[k, o2, i2] is a number of (o1, i1) times a number of (o2,
i2). Lay the numbers of w out in a table with a row for each pair (o1, i1) and a column for each
pair (o2, i2). Then a train is a sum of columns times rows. The layout moves numbers and changes
none, so the sum of squares of what is left is the same in both orders. So the closest train is the
closest table of low rank, which is the first terms of the table's svd (Van Loan and Pitsianis 1993,
for rank 1). With outs = (d_out, 1) and ins = (1, d_in) the table is w itself, so a product of two
thin matrices is a train, too.

The product, one core after the other:

    z[k, i1, o2] = Σ_i2 second[k, o2, i2] x[i1, i2]        y[o1, o2] = Σ_k,i1 first[o1, i1, k] z
"""

import numpy as np


def tensor_train(w, outs, ins, rank):
    table = w.reshape(*outs, *ins).swapaxes(1, 2).reshape(outs[0] * ins[0], -1)
    u, s, vt = np.linalg.svd(table, full_matrices=False)
    first = (u[:, :rank] * s[:rank]).reshape(outs[0], ins[0], rank)
    return first, vt[:rank].reshape(rank, outs[1], ins[1])


def product(x, first, second):
    x = x.reshape(*x.shape[:-1], first.shape[1], second.shape[2])
    z = np.einsum("...ij,kpj->...kip", x, second)
    y = np.einsum("...kip,oik->...op", z, first)
    return y.reshape(*y.shape[:-2], -1)


def ranks(outs, ins, n_bytes):
    matrix = outs[0] * outs[1], ins[0] * ins[1]
    table = outs[0] * ins[0], outs[1] * ins[1]
    return tuple(min(n_bytes // (2 * sum(sides)), *sides) for sides in (matrix, table))
