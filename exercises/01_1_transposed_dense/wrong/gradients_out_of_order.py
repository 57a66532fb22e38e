"""What comes first is dw, not dx: return the three in the order of the arguments, dx, dw, db."""


def dense(x, w, b):
    y = x @ w.T + b

    def backward(dy):
        rows, flat = dy.reshape(-1, len(b)), x.reshape(-1, w.shape[1])
        return rows.T @ flat, dy @ w, rows.sum(axis=0)

    return y, backward
