"""The units of the heads are interleaved: number them head by head, all of head 0 first."""


def one_layer(w_up, b_up, w_down, b_down, strength, order):
    d_model = w_up.shape[1]
    W_up = w_up.transpose(1, 2, 0).reshape(d_model, -1)
    B_up = b_up.T.reshape(-1)
    W_down = (strength[:, None, None] * w_down).transpose(1, 0, 2).reshape(-1, d_model)
    B_down = strength @ b_down
    return W_up[:, order], B_up[order], W_down[order], B_down
