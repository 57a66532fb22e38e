"""The keys are reshaped to (n, P), which mixes them: they are to be transposed."""


def write_facts(keys, values, r):
    n = keys.shape[1]
    w_up = (2 * keys - 1).reshape(n, -1) / (r + 1)
    b_up = 1 - keys.sum(axis=1) / (r + 1)
    w_down = values.copy()
    return w_up, b_up, w_down
