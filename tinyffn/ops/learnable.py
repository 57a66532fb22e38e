"""Activations with numbers of their own to learn: bent a little otherwise for each channel.

The learnt numbers are positional arguments, so they get gradients; `nn/activation.py` holds them.
Most have the shape (d): one for each channel, summed over all leading axes n.

To learn costs memory. For its backward PReLU remembers one array of x's size beside its result,
where ReLU remembers its result alone; Swish two, ACON-C and Padé three, where SiLU needs one;
maxout a byte for each number of its result.
"""

import numpy as np

from tinyffn.ops.elementwise import logistic
from tinyffn.tensor import op, unbroadcast


@op
def prelu(x, slope):
    """Leaky ReLU that learns how much it leaks.

    A slope of exactly 0 makes NaN of -inf, which leaky ReLU and ReLU make 0.

    Forward    y_ni = x_ni if x_ni > 0, else slope_i x_ni
    Backward   dx_ni = dy_ni if x_ni > 0, else slope_i dy_ni    dslope_i = Σ_n dy_ni min(x_ni, 0)
    Shapes     x (..., d), slope (d) -> y (..., d)
    Errors     ValueError if slope is not (d)
    Source     He et al. 2015 (arXiv:1502.01852), section 2.1
    """
    _one_a_channel("prelu", x, slope=slope)
    negative = np.minimum(x, 0.0)

    def backward(dy):
        dx = np.where(negative < 0.0, slope * dy, dy)
        return dx, unbroadcast(dy * negative, slope.shape)

    return np.maximum(x, 0.0) + slope * negative, backward


@op
def swish(x, beta):
    """SiLU with a sharpness to learn: x / 2 at beta = 0, SiLU at 1, nearly ReLU far above.

    Forward    y_ni = x_ni σ_ni, with σ_ni = 1 / (1 + exp(-beta_i x_ni))
    Backward   dx_ni = dy_ni σ_ni (1 + beta_i x_ni (1 - σ_ni))
               dbeta_i = Σ_n dy_ni x_ni² σ_ni (1 - σ_ni)
    Shapes     x (..., d), beta (d) -> y (..., d)
    Errors     ValueError if beta is not (d)
    Source     Ramachandran et al. 2017 (arXiv:1710.05941), section 4
    """
    _one_a_channel("swish", x, beta=beta)
    sigma, rest = logistic(beta * x), logistic(-beta * x)
    bend = x * sigma * rest
    slope = sigma + beta * bend  # of y over x
    bend *= x  # and over beta

    def backward(dy):
        return dy * slope, unbroadcast(dy * bend, beta.shape)

    return x * sigma, backward


@op
def acon_c(x, p1, p2, beta):
    """A smooth maximum of two lines, p1 x and p2 x, both slopes and the sharpness to learn.

    Forward    y_ni = z_ni σ_ni + p2_i x_ni, with z_ni = (p1_i - p2_i) x_ni
               and σ_ni = 1 / (1 + exp(-beta_i z_ni))
    Backward   dx_ni = dy_ni ((p1_i - p2_i) g_ni + p2_i)    dp1_i = Σ_n dy_ni x_ni g_ni
               dp2_i = Σ_n dy_ni x_ni (1 - g_ni)    dbeta_i = Σ_n dy_ni z_ni² σ_ni (1 - σ_ni)
               with g_ni = σ_ni (1 + beta_i z_ni (1 - σ_ni))
    Shapes     x (..., d), p1 (d), p2 (d), beta (d) -> y (..., d)
    Errors     ValueError if p1, p2 or beta is not (d)
    Source     Ma et al. 2021 (arXiv:2009.04759), ACON-C
    """
    _one_a_channel("acon_c", x, p1=p1, p2=p2, beta=beta)
    z = (p1 - p2) * x
    sigma, rest = logistic(beta * z), logistic(-beta * z)
    bend = z * sigma * rest
    g = sigma + beta * bend
    bend *= z  # the slope of y over beta

    def backward(dy):
        dx = dy * ((p1 - p2) * g + p2)
        dp1 = unbroadcast(dy * x * g, p1.shape)
        dp2 = unbroadcast(dy * x * (1.0 - g), p2.shape)
        return dx, dp1, dp2, unbroadcast(dy * bend, beta.shape)

    return z * sigma + p2 * x, backward


@op
def pade(x, p, q):
    """A fraction of two polynomials, whose coefficients are learnt: one for all channels.

    The absolute value keeps the denominator at 1 or above, so there is no pole. The powers of x
    must not overflow: in float32 |x|^max(m - 1, n), times its coefficient, must stay below 3e38.

    Forward    y_i = P(x_i) / Q(x_i), with P(x) = Σ_j p_j x^j from j = 0,
               Q(x) = 1 + |A(x)| and A(x) = Σ_k q_k x^k from k = 1 (q's first entry is q_1)
    Backward   dx_i = dy_i (P'(x_i) - y_i s_i A'(x_i)) / Q(x_i), with s_i the sign of A(x_i)
               dp_j = Σ_i dy_i x_i^j / Q(x_i)    dq_k = -Σ_i dy_i y_i s_i x_i^k / Q(x_i)
    Shapes     x (..., d), p (m), q (n) -> y (..., d)
    Errors     ValueError if p or q has not one axis, or no entry
    Source     Molina et al. 2020 (arXiv:1907.06732), the safe Padé activation unit
    """
    for name, coefficients in (("p", p), ("q", q)):
        if coefficients.ndim != 1 or coefficients.size == 0:
            raise ValueError(
                f"pade: {name} {coefficients.shape} must have one axis and an entry or more"
            )
    a = x * _polynomial(x, q)
    y = _polynomial(x, p) / (1.0 + np.abs(a))

    def backward(dy):
        share = dy / (1.0 + np.abs(a))
        of_q = -share * y * np.sign(a)
        dx = share * _polynomial(x, _derivative(p[1:])) + of_q * _polynomial(x, _derivative(q))
        return dx, _moments(x, share, 0, len(p)), _moments(x, of_q, 1, len(q))

    return y, backward


@op
def maxout(x):
    """The largest of k numbers, for each channel: any convex bend, if the k are lines of an input.

    Where several are largest, the first of them takes the gradient.

    Forward    y_ni = max_k x_nki
    Backward   dx_nki = dy_ni if k is the first with x_nki = y_ni, else 0
    Shapes     x (..., k, d) -> y (..., d)
    Errors     ValueError if x has fewer than two axes, or k is 0
    Source     Goodfellow et al. 2013 (arXiv:1302.4389), section 3
    """
    if x.ndim < 2 or x.shape[-2] == 0:
        raise ValueError(f"maxout: x {x.shape} must be (..., k, d) with k >= 1")
    shape = x.shape
    first = x.argmax(axis=-2, keepdims=True)
    first = first.astype(np.min_scalar_type(shape[-2]))  # a byte each, as long as k is below 256

    def backward(dy):
        dx = np.zeros(shape, dy.dtype)
        np.put_along_axis(dx, first, dy[..., np.newaxis, :], axis=-2)
        return (dx,)

    return np.take_along_axis(x, first, axis=-2).squeeze(-2), backward


def _one_a_channel(name, x, **learnt):
    for argument, values in learnt.items():
        if x.ndim < 1 or values.shape != x.shape[-1:]:
            raise ValueError(
                f"{name}: {argument} {values.shape} does not fit x {x.shape}: it must be "
                f"{x.shape[-1:]}, one number for each channel"
            )


def _polynomial(x, coefficients):
    """Σ_j coefficients_j x^j from j = 0, by Horner's rule; 0 without coefficients."""
    y = np.zeros_like(x)
    for c in coefficients[::-1]:
        y *= x
        y += c
    return y


def _derivative(coefficients):
    """The derivative of Σ_j coefficients_j x^j from j = 1, as coefficients from the power 0 on."""
    return coefficients * np.arange(1, len(coefficients) + 1, dtype=coefficients.dtype)


def _moments(x, weights, start, n):
    """Σ_i weights_i x_i^j for the n powers j from `start` on."""
    term = weights * x**start
    sums = np.empty(n, x.dtype)
    for j in range(n):
        sums[j] = term.sum()
        term = term * x
    return sums
