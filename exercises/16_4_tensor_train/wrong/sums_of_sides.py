"""A core has o1 * i1 numbers for each k, one for each pair, and not o1 + i1."""

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
    product = min(n_bytes // (2 * sum(matrix)), *matrix)
    return product, min(n_bytes // (2 * (sum(outs) + sum(ins))), *table)
