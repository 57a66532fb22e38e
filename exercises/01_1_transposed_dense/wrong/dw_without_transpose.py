"""dy @ x does not give dw: dw_ji sums dy_nj x_ni over n, and n is the first axis of both."""


def dense(x, w, b):
    y = x @ w.T + b

    def backward(dy):
        rows, flat = dy.reshape(-1, len(b)), x.reshape(-1, w.shape[1])
        return dy @ w, rows @ flat, rows.sum(axis=0)

    return y, backward
