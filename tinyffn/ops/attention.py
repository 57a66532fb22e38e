"""Attention: each position takes a weighted mean of values, the weights from queries and keys."""

import math

import numpy as np

from tinyffn.tensor import op


@op
def attention(q, k, v, *, causal=True):
    """Scaled dot-product attention of T queries over S keys and values.

    With `causal`, the last query sees all S keys, the one before all but the last, and so on: with
    S = T nothing from the future, with S > T the first S - T keys are the past in a cache.

    Forward    s_ij = Σ_c q_ic k_jc / √d_head, or -∞ where j is in i's future
               p_ij = exp(s_ij) / Σ_l exp(s_il)    y_ic = Σ_j p_ij v_jc
    Backward   dv_jc = Σ_i p_ij dy_ic    dp_ij = Σ_c dy_ic v_jc
               ds_ij = p_ij (dp_ij - Σ_c dy_ic y_ic)
               dq_ic = Σ_j ds_ij k_jc / √d_head    dk_jc = Σ_i ds_ij q_ic / √d_head
    Shapes     q (..., T, d_head), k (..., S, d_head), v (..., S, d_v) -> y (..., T, d_v)
    Errors     ValueError if the shapes do not fit, S is 0, or causal is set and T > S; TypeError
               if causal is not True or False
    Source     Vaswani et al. 2017 (arXiv:1706.03762), eq. 1
    """
    _must_fit(q, k, v, causal)
    scale = 1.0 / math.sqrt(q.shape[-1])
    s = (q * scale) @ k.swapaxes(-1, -2)
    if causal:
        s += causal_mask(*s.shape[-2:], dtype=s.dtype)
    s -= s.max(axis=-1, keepdims=True)  # changes no ratio, and exp cannot overflow
    p = np.exp(s, out=s)
    p /= p.sum(axis=-1, keepdims=True)
    y = np.matmul(p, v, out=_laid_out_like(q, v.shape[-1]))

    def backward(dy):
        dv = np.matmul(p.swapaxes(-1, -2), dy, out=_laid_out_like(v))
        ds = dy @ v.swapaxes(-1, -2)
        ds -= np.einsum("...ic,...ic->...i", dy, y)[..., None]  # Σ_j p_ij dp_ij, in d_v terms
        ds *= p
        ds *= scale  # here once, rather than in dq and in dk
        dq = np.matmul(ds, k, out=_laid_out_like(q))
        dk = np.matmul(ds.swapaxes(-1, -2), q, out=_laid_out_like(k))
        return dq, dk, dv

    return y, backward


def causal_mask(T, S, dtype):
    """What is added to the scores (T, S): 0 where j <= i + S - T, so i may see j; else -∞."""
    return np.triu(np.full((T, S), -np.inf, dtype), k=S - T + 1)


def _laid_out_like(x, d_last=None):
    """An empty array like x, if d_last is given with a last axis of that size.

    Heads arrive as views into (B, T, heads, d_head). Where the size stays, the axes lie in memory
    as x's do, and the heads of the result can be merged again without a copy.
    """
    if d_last is None or d_last == x.shape[-1]:
        return np.empty_like(x)
    return np.empty((*x.shape[:-1], d_last), x.dtype)


def _must_fit(q, k, v, causal):
    shapes = f"attention: q {q.shape}, k {k.shape}, v {v.shape}"
    if min(q.ndim, k.ndim, v.ndim) < 2 or not q.shape[:-2] == k.shape[:-2] == v.shape[:-2]:
        raise ValueError(f"{shapes} must share their leading axes, before the last two")
    if q.shape[-1] != k.shape[-1] or q.shape[-1] == 0:
        raise ValueError(f"{shapes}: q and k must have one d_head >= 1, their last axis")
    if k.shape[-2] != v.shape[-2] or k.shape[-2] == 0:
        raise ValueError(f"{shapes}: k and v must have one length S >= 1, their last axis but one")
    if not isinstance(causal, bool | np.bool_):
        raise TypeError(f"attention: causal is {type(causal).__name__}, but must be True or False")
    if causal and q.shape[-2] > k.shape[-2]:
        raise ValueError(f"{shapes}: causal attention needs a key for each of the T queries")
