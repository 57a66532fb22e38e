"""The bias takes off all n places: take off the ones of the key alone."""


def write_facts(keys, values, r):
    n = keys.shape[1]
    w_up = (2 * keys - 1).T / (r + 1)
    b_up = 1 - n / (r + 1)
    w_down = values.copy()
    return w_up, b_up, w_down
