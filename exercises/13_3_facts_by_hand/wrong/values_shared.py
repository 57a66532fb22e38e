"""The values are divided by the number of facts: only what is near speaks, so add them whole."""


def write_facts(keys, values, r):
    w_up = (2 * keys - 1).T / (r + 1)
    b_up = 1 - keys.sum(axis=1) / (r + 1)
    w_down = values / len(values)
    return w_up, b_up, w_down
