"""backward uses the x of the latest call: a name made inside dense is remembered for each call."""

latest = {}


def dense(x, w, b):
    latest["x"] = x
    y = x @ w.T + b

    def backward(dy):
        x = latest["x"]
        rows, flat = dy.reshape(-1, len(b)), x.reshape(-1, w.shape[1])
        return dy @ w, rows.T @ flat, rows.sum(axis=0)

    return y, backward
