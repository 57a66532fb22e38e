"""db is summed over the outputs: it keeps them, and sums over the examples."""


def dense(x, w, b):
    y = x @ w.T + b

    def backward(dy):
        rows, flat = dy.reshape(-1, len(b)), x.reshape(-1, w.shape[1])
        return dy @ w, rows.T @ flat, dy.sum(axis=-1)

    return y, backward
