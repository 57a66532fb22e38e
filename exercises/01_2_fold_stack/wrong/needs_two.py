"""There is no second table when the stack is one layer: it folds to itself."""


def fold(tables):
    folded = tables[0] @ tables[1][:-1]
    folded[-1] += tables[1][-1]
    for table in tables[2:]:
        folded = folded @ table[:-1]
        folded[-1] += table[-1]
    return folded
