"""Weights and bias came back as two arrays: the bias belongs under the weights, in one table."""


def fold(tables):
    w, b = tables[0][:-1], tables[0][-1]
    for table in tables[1:]:
        w, b = w @ table[:-1], b @ table[:-1] + table[-1]
    return w, b
