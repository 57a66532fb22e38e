"""x.shape = ... reshapes the caller's own x: x.reshape(...) gives you a view to work with."""


def dense(x, w, b):
    y = x @ w.T + b

    def backward(dy):
        rows = dy.reshape(-1, len(b))
        x.shape = (len(rows), -1)
        return dy @ w, rows.T @ x, rows.sum(axis=0)

    return y, backward
