"""y is right but for b: every output j also gets its own b_j."""


def dense(x, w, b):
    y = x @ w.T

    def backward(dy):
        rows, flat = dy.reshape(-1, len(b)), x.reshape(-1, w.shape[1])
        return dy @ w, rows.T @ flat, rows.sum(axis=0)

    return y, backward
