"""The bias is not divided by r + 1: the weights are, and both count the same differences."""


def write_facts(keys, values, r):
    w_up = (2 * keys - 1).T / (r + 1)
    b_up = 1 - keys.sum(axis=1)
    w_down = values.copy()
    return w_up, b_up, w_down
