"""All facts have the r of the first one: each has its own."""


def write_facts(keys, values, r):
    r = r[0]
    w_up = (2 * keys - 1).T / (r + 1)
    b_up = 1 - keys.sum(axis=1) / (r + 1)
    w_down = values.copy()
    return w_up, b_up, w_down
