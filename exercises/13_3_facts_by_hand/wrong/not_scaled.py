"""A key as it is brings its value r + 1 times: divide weights and bias by r + 1."""


def write_facts(keys, values, r):
    w_up = (2 * keys - 1).T
    b_up = r + 1 - keys.sum(axis=1)
    w_down = values.copy()
    return w_up, b_up, w_down
