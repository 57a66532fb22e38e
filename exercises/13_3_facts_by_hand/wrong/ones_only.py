"""Ones of the query where the key has 0 are not counted: they are differences too."""


def write_facts(keys, values, r):
    w_up = keys.T / (r + 1)
    b_up = 1 - keys.sum(axis=1) / (r + 1)
    w_down = values.copy()
    return w_up, b_up, w_down
