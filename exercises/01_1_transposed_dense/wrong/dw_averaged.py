"""dw is a mean over the batch, not a sum: a 1/N belongs to the loss, and dy has it already."""


def dense(x, w, b):
    y = x @ w.T + b

    def backward(dy):
        rows, flat = dy.reshape(-1, len(b)), x.reshape(-1, w.shape[1])
        return dy @ w, rows.T @ flat / len(rows), rows.sum(axis=0)

    return y, backward
