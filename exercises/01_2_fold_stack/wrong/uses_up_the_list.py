"""The caller's list is used as scratch paper: it must hold the same tables as before."""


def fold(tables):
    folded = tables.pop(0)
    while tables:
        table = tables.pop(0)
        folded = folded @ table[:-1]
        folded[-1] += table[-1]
    return folded
