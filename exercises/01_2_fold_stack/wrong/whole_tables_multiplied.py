"""A whole table is multiplied on: its last row is a bias, and waits for no input of its own."""


def fold(tables):
    folded = tables[0]
    for table in tables[1:]:
        folded = folded @ table
    return folded
