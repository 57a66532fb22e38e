"""The last table is left out: range(a, b) stops before b."""


def fold(tables):
    folded = tables[0]
    for k in range(1, len(tables) - 1):
        folded = folded @ tables[k][:-1]
        folded[-1] += tables[k][-1]
    return folded
