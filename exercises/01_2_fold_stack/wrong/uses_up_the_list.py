"""The caller's tables are scratch paper here: pop empties the list, += on a row changes a table."""


def fold(tables):
    folded = tables.pop(0)
    while tables:
        table = tables.pop(0)
        folded = folded @ table[:-1]
        folded[-1] += table[-1]
    return folded
