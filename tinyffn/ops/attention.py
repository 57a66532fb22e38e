"""Attention: each position takes a weighted mean of values, the weights from queries and keys."""

import math

import numpy as np

from tinyffn.tensor import op, unbroadcast


@op
def attention(q, k, v, *, causal=True, mask=None):
    """Scaled dot-product attention of T queries over S keys and values.

    With `causal`, the last query sees all S keys, the one before all but the last, and so on: with
    S = T nothing from the future, with S > T the first S - T keys are the past in a cache. With
    `mask`, a boolean array that broadcasts to (..., T, S), query i sees key j only where it is
    True. A leading axis of k or v may be 1 where q's is larger: so heads share keys and values.

    Forward    s_ij = Σ_c q_ic k_jc / √d_head, or -∞ where i may not see j
               p_ij = exp(s_ij) / Σ_l exp(s_il)    y_ic = Σ_j p_ij v_jc
    Backward   dv_jc = Σ_i p_ij dy_ic    dp_ij = Σ_c dy_ic v_jc
               ds_ij = p_ij (dp_ij - Σ_c dy_ic y_ic)
               dq_ic = Σ_j ds_ij k_jc / √d_head    dk_jc = Σ_i ds_ij q_ic / √d_head
               and where heads share k and v, dk and dv are summed over these heads
    Shapes     q (..., T, d_head), k (..., S, d_head), v (..., S, d_v) -> y (..., T, d_v)
    Errors     ValueError if the shapes do not fit, S is 0, causal is set and T > S, or a query
               sees no key; TypeError if causal is not True or False, or mask is not boolean
    Source     Vaswani et al. 2017 (arXiv:1706.03762), eq. 1; shared keys and values: Ainslie et
               al. 2023 (arXiv:2305.13245), section 2.2
    """
    _must_fit(q, k, v, causal)
    p = _weights(q, k, causal, mask)
    y = np.matmul(p, v, out=_laid_out_like(q, v.shape[-1]))

    def backward(dy):
        dv = _product_for(v, p.swapaxes(-1, -2), dy)
        ds = dy @ v.swapaxes(-1, -2)
        ds -= np.einsum("...ic,...ic->...i", dy, y)[..., None]  # Σ_j p_ij dp_ij, in d_v terms
        ds *= p
        ds *= 1.0 / math.sqrt(q.shape[-1])  # here once, rather than in dq and in dk
        dq = _product_for(q, ds, k)
        dk = _product_for(k, ds.swapaxes(-1, -2), q)
        return dq, dk, dv

    return y, backward


def attention_weights(q, k, *, causal=True, mask=None):
    """What `attention` weighs the values with, of plain arrays: p (..., T, S), rows that sum to 1.

    q (..., T, d_head), k (..., S, d_head); `causal`, `mask`, leading axes and errors as there.
    """
    _must_fit(q, k, None, causal)
    return _weights(q, k, causal, mask)


def _weights(q, k, causal, mask):
    s = (q * (1.0 / math.sqrt(q.shape[-1]))) @ k.swapaxes(-1, -2)
    if mask is not None:
        s = np.where(_checked_mask(mask, s.shape, causal), s, -np.inf)
    elif causal:
        s += causal_mask(*s.shape[-2:], dtype=s.dtype)
    s -= s.max(axis=-1, keepdims=True)  # changes no ratio, and exp cannot overflow
    p = np.exp(s, out=s)
    p /= p.sum(axis=-1, keepdims=True)
    return p


def causal_mask(T, S, dtype):
    """What is added to the scores (T, S): 0 where j <= i + S - T, so i may see j; else -∞."""
    return np.triu(np.full((T, S), -np.inf, dtype), k=S - T + 1)


def _checked_mask(mask, shape, causal):
    """Where query i may see key j, given the shape (..., T, S) of the scores."""
    if not isinstance(mask, np.ndarray) or mask.dtype != bool:
        given = mask.dtype if isinstance(mask, np.ndarray) else type(mask).__name__
        raise TypeError(f"attention: mask is {given}, but must be a boolean array")
    if mask.ndim == 0 or not _stretches(mask.shape, shape):
        raise ValueError(
            f"attention: mask {mask.shape} does not fit: it must broadcast to (..., T, S) = {shape}"
        )
    T, S = shape[-2:]
    sees = mask & np.tri(T, S, S - T, dtype=bool) if causal else mask
    if not (some := sees.any(axis=-1)).all():
        i = np.argwhere(~some)[0, -1] if some.ndim else 0
        raise ValueError(
            f"attention: query {i} sees no key, so there is nothing to take a mean of: each row of "
            f"mask {mask.shape}{' and the causal mask' if causal else ''} must hold one True"
        )
    return sees


def _product_for(x, a, b):
    """a @ b as the gradient of x: laid out as x is, and summed where x was broadcast."""
    if a.shape[:-2] == x.shape[:-2]:
        return np.matmul(a, b, out=_laid_out_like(x))
    return unbroadcast(a @ b, x.shape)


def _laid_out_like(x, d_last=None):
    """An empty array like x, if d_last is given with a last axis of that size.

    Heads arrive as views into (B, T, heads, d_head). Where the size stays, the axes lie in memory
    as x's do, and the heads of the result can be merged again without a copy.
    """
    if d_last is None or d_last == x.shape[-1]:
        return np.empty_like(x)
    return np.empty((*x.shape[:-1], d_last), x.dtype)


def _must_fit(q, k, v, causal):
    given = {"q": q, "k": k} if v is None else {"q": q, "k": k, "v": v}
    shapes = "attention: " + ", ".join(f"{name} {x.shape}" for name, x in given.items())
    v = k if v is None else v
    if not (min(q.ndim, k.ndim, v.ndim) >= 2 and _leads_fit(q, k) and _leads_fit(q, v)):
        raise ValueError(
            f"{shapes} must share their leading axes, before the last two (k's and v's may be 1)"
        )
    if q.shape[-1] != k.shape[-1] or q.shape[-1] == 0:
        raise ValueError(f"{shapes}: q and k must have one d_head >= 1, their last axis")
    if k.shape[-2] != v.shape[-2] or k.shape[-2] == 0:
        raise ValueError(f"{shapes}: k and v must have one length S >= 1, their last axis but one")
    if not isinstance(causal, bool | np.bool_):
        raise TypeError(f"attention: causal is {type(causal).__name__}, but must be True or False")
    if causal and q.shape[-2] > k.shape[-2]:
        raise ValueError(f"{shapes}: causal attention needs a key for each of the T queries")


def _leads_fit(q, x):
    """Whether x has q's leading axes, or 1 in their place."""
    return x.ndim == q.ndim and _stretches(x.shape[:-2], q.shape[:-2])


def _stretches(small, large):
    """Whether broadcasting stretches the shape `small` to `large`."""
    small = (1,) * (len(large) - len(small)) + small
    return len(small) == len(large) and all(a in (1, b) for a, b in zip(small, large, strict=True))
