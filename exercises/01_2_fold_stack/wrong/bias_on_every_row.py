"""The bias is added to every row, so it counts once for each input: it must count once in all."""


def fold(tables):
    folded = tables[0]
    for table in tables[1:]:
        folded = folded @ table[:-1] + table[-1]
    return folded
