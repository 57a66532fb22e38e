"""The answer to exercise 17.1, and how to get there.

y = x q is a dense layer, so with n over all leading axes dx_ni = Σ_j dy_nj q_ij and
dq_ij = Σ_n x_ni dy_nj. From q_kj = a_j s_kj, a weight w_ij acts on the loss by two ways:

    its own sign      ∂q_ij / ∂s_ij = a_j, and the line that stands in has slope [|w_ij| <= 1]
    the scale         ∂q_kj / ∂a_j = s_kj for every k, and ∂a_j / ∂w_ij = s_ij / d_in

    dw_ij = dq_ij a_j [|w_ij| <= 1]  +  (s_ij / d_in) Σ_k dq_kj s_kj

The sum over k is easily lost. Without it, dw_ij = dq_ij (1 / d_in + a_j [|w_ij| <= 1]): so the
paper of XNOR-Net prints it. It treats a_j as if each entry had a scale of its own.
"""

import numpy as np


def sign_layer(x, w):
    positive = w >= 0
    s = np.where(positive, 1, -1).astype(w.dtype)
    scale = np.abs(w).mean(axis=0)
    q = s * scale

    def backward(dy):
        rows, upstream = x.reshape(-1, len(w)), dy.reshape(-1, w.shape[1])
        dq = rows.T @ upstream
        dscale = np.sum(dq * s, axis=0)
        dw = np.where(np.abs(w) <= 1, dq * scale, 0) + s * (dscale / w.dtype.type(len(w)))
        return dy @ q.T, dw

    return x @ q, backward
