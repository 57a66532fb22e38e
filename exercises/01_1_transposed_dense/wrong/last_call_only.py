"""backward uses what the latest call left behind: it must remember its own x and w."""

latest = {}


def dense(x, w, b):
    latest["x"], latest["w"] = x, w
    y = x @ w.T + b

    def backward(dy):
        x, w = latest["x"], latest["w"]
        rows, flat = dy.reshape(-1, len(b)), x.reshape(-1, w.shape[1])
        return dy @ w, rows.T @ flat, rows.sum(axis=0)

    return y, backward
