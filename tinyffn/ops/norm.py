"""Normalisation of the last axis: layer norm and its plainer sibling, RMS norm."""

import numpy as np

from tinyffn.tensor import op


@op
def layer_norm(x, gain, bias, *, eps=1e-5):
    """Shift and scale each row to mean 0 and variance 1, then by a learned gain and bias.

    Forward    xhat_ni = (x_ni - mean_n) rstd_n, with rstd_n = 1 / √(var_n + eps)
               y_ni = xhat_ni gain_i + bias_i
    Backward   g_ni = dy_ni gain_i
               dx_ni = rstd_n (g_ni - Σ_k g_nk / d - xhat_ni Σ_k g_nk xhat_nk / d)
               dgain_i = Σ_n dy_ni xhat_ni    dbias_i = Σ_n dy_ni
    Shapes     x (..., d), gain (d), bias (d) -> y (..., d)
    Errors     ValueError if gain or bias has not d entries, d is 0, or eps is negative
    Source     Ba et al. 2016 (arXiv:1607.06450), eq. 3 and 4
    """
    eps = _checked_eps("layer_norm", eps)
    _must_fit("layer_norm", x, gain=gain, bias=bias)
    d = x.shape[-1]
    xhat = x - _mean_rows(x)
    rstd = 1.0 / np.sqrt(_dot_rows(xhat, xhat) / d + eps)
    xhat *= rstd
    y = xhat * gain
    y += bias

    def backward(dy):
        dgain = _dot_columns(dy, xhat)
        dbias = dy.reshape(-1, d).sum(axis=0)
        dx = dy * gain
        projection = _dot_rows(dx, xhat) / d
        dx -= _mean_rows(dx)
        dx -= xhat * projection
        dx *= rstd
        return dx, dgain, dbias

    return y, backward


@op
def rms_norm(x, gain, *, eps=1e-5):
    """Scale each row to root mean square 1, then by a learned gain; no shift.

    Forward    xhat_ni = x_ni rrms_n, with rrms_n = 1 / √(Σ_k x_nk² / d + eps)
               y_ni = xhat_ni gain_i
    Backward   g_ni = dy_ni gain_i
               dx_ni = rrms_n (g_ni - xhat_ni Σ_k g_nk xhat_nk / d)    dgain_i = Σ_n dy_ni xhat_ni
    Shapes     x (..., d), gain (d) -> y (..., d)
    Errors     ValueError if gain has not d entries, d is 0, or eps is negative
    Source     Zhang and Sennrich 2019 (arXiv:1910.07467), eq. 4
    """
    eps = _checked_eps("rms_norm", eps)
    _must_fit("rms_norm", x, gain=gain)
    d = x.shape[-1]
    rrms = 1.0 / np.sqrt(_dot_rows(x, x) / d + eps)
    xhat = x * rrms

    def backward(dy):
        dgain = _dot_columns(dy, xhat)
        dx = dy * gain
        dx -= xhat * (_dot_rows(dx, xhat) / d)
        dx *= rrms
        return dx, dgain

    return xhat * gain, backward


def _mean_rows(a):
    """Σ_i a_ni / d with the summed axis kept as 1; BLAS sums short rows faster than `mean`."""
    d = a.shape[-1]
    return (a @ np.ones(d, a.dtype))[..., None] / d


def _dot_rows(a, b):
    """Σ_i a_ni b_ni with the summed axis kept as 1; einsum makes no array of the products."""
    return np.einsum("...i,...i->...", a, b)[..., None]


def _dot_columns(a, b):
    """Σ_n a_ni b_ni over all leading axes."""
    d = a.shape[-1]
    return np.einsum("ni,ni->i", a.reshape(-1, d), b.reshape(-1, d))


def _checked_eps(name, eps):
    if not eps >= 0.0:
        raise ValueError(f"{name}: eps is {eps}, but must be 0 or a little more")
    return float(eps)  # a NumPy number would promote float32


def _must_fit(name, x, **rows):
    if x.ndim < 1 or x.shape[-1] == 0:
        raise ValueError(f"{name}: x {x.shape} must have a last axis with one entry or more")
    for argument, row in rows.items():
        if row.shape != x.shape[-1:]:
            raise ValueError(
                f"{name}: {argument} {row.shape} does not fit x {x.shape}: "
                f"{argument} must be ({x.shape[-1]},)"
            )
