"""The dense layer's map, forward and backward. All else in a feed-forward layer is elementwise."""

import numpy as np

from tinyffn.tensor import op


@op
def linear(x, w, b=None):
    """Affine map of the last axis: y = x w + b.

    n runs over all leading axes of x together; b may be None.

    Forward    y_nj = Σ_i x_ni w_ij + b_j
    Backward   dx_ni = Σ_j dy_nj w_ij    dw_ij = Σ_n x_ni dy_nj    db_j = Σ_n dy_nj
    Shapes     x (..., d_in), w (d_in, d_out), b (d_out) -> y (..., d_out)
    Errors     ValueError if w has not two axes, x's last axis is not d_in, or b is not (d_out,)
    Source     Vaswani et al. 2017 (arXiv:1706.03762), eq. 2: one of its two maps
    """
    if w.ndim != 2 or w.size == 0:
        raise ValueError(f"linear: w {w.shape} must have two axes, (d_in, d_out), neither empty")
    if x.shape[-1:] != w.shape[:1]:
        raise ValueError(
            f"linear: x {x.shape} does not fit w {w.shape}: "
            f"the last axis of x must be d_in = {w.shape[0]}"
        )
    if b is not None and b.shape != w.shape[1:]:
        raise ValueError(
            f"linear: b {b.shape} does not fit w {w.shape}: b must be ({w.shape[1]},)"
        )
    shape = x.shape  # backward remembers this and rows, not x
    rows = x.reshape(-1, w.shape[0])  # one large matrix product beats many small ones
    y = rows @ w
    if b is not None:
        y += b

    def backward(dy):
        dy = dy.reshape(-1, w.shape[1])
        dx = (dy @ w.T).reshape(shape)
        dw = rows.T @ dy
        db = None if b is None else np.ones(len(dy), dy.dtype) @ dy  # a sum over n, by BLAS
        return dx, dw, db

    return y.reshape(*shape[:-1], w.shape[1]), backward
