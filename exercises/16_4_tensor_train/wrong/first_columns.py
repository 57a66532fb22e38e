"""A basis of the first columns of the table is kept: svd finds the one that leaves least."""

import numpy as np


def tensor_train(w, outs, ins, rank):
    table = w.reshape(*outs, *ins).swapaxes(1, 2).reshape(outs[0] * ins[0], -1)
    q = np.linalg.qr(table[:, :rank])[0]
    return q.reshape(outs[0], ins[0], rank), (q.T @ table).reshape(rank, outs[1], ins[1])


def product(x, first, second):
    x = x.reshape(*x.shape[:-1], first.shape[1], second.shape[2])
    z = np.einsum("...ij,kpj->...kip", x, second)
    y = np.einsum("...kip,oik->...op", z, first)
    return y.reshape(*y.shape[:-2], -1)


def ranks(outs, ins, n_bytes):
    matrix = outs[0] * outs[1], ins[0] * ins[1]
    table = outs[0] * ins[0], outs[1] * ins[1]
    return tuple(min(n_bytes // (2 * sum(sides)), *sides) for sides in (matrix, table))
