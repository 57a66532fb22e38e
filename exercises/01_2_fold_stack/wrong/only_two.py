"""Only the first two layers are folded: does the return stand inside the loop?"""


def fold(tables):
    folded = tables[0]
    for table in tables[1:]:
        folded = folded @ table[:-1]
        folded[-1] += table[-1]
        return folded
