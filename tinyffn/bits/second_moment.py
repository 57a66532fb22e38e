"""How far the output of a layer moves when its weight does, from one matrix of its inputs."""

import numpy as np


def as_second_moment(owner, second_moment, d_in):
    """H = E[x xᵀ] of the inputs of a layer, checked: float64 (d_in, d_in).

    Errors     ValueError if it has another shape, is not finite, not symmetric, or its diagonal,
               which is a mean of squares, is nowhere above zero
    """
    h = np.asarray(second_moment, np.float64)
    if h.shape != (d_in, d_in):
        raise ValueError(
            f"{owner}: second_moment {h.shape} must be ({d_in}, {d_in}), the mean of x xᵀ over "
            f"inputs x of {d_in} numbers"
        )
    if not np.isfinite(h).all():
        raise ValueError(f"{owner}: second_moment is not finite: is an input not finite?")
    if not np.allclose(h, h.T, rtol=1e-5, atol=1e-5 * np.abs(h).max()):
        raise ValueError(f"{owner}: second_moment is not symmetric, but E[x xᵀ] is")
    if h.diagonal().min() < 0 or not h.diagonal().max() > 0:
        raise ValueError(
            f"{owner}: the diagonal of second_moment runs from {h.diagonal().min():g} to "
            f"{h.diagonal().max():g}, but holds means of squares: it must be at least 0 and not "
            "all of it 0"
        )
    return h


def output_error(w, values, second_moment):
    """The share of a layer's output that is lost when `values` take the place of w.

        E|x w - x values|² / E|x w|² = tr(Dᵀ H D) / tr(wᵀ H w),   D = w - values, H = E[x xᵀ]

    No input is needed beside H. With H = I this is the error of the weight itself.

    Shapes     w, values (d_in, d_out), second_moment (d_in, d_in) -> a number
    Errors     ValueError if shapes do not fit, some of w or values are not finite, second_moment is
               not a second moment, or the layer's output is always zero
    """
    w, values = np.asarray(w, np.float64), np.asarray(values, np.float64)
    if w.ndim != 2 or w.size == 0 or w.shape != values.shape:
        raise ValueError(
            f"output_error: w {w.shape} and values {values.shape} must both be (d_in, d_out)"
        )
    if not (np.isfinite(w).all() and np.isfinite(values).all()):
        raise ValueError("output_error: some numbers of w or values are not finite")
    h = as_second_moment("output_error", second_moment, len(w))
    before = np.vdot(w, h @ w)
    if not before > 0:
        raise ValueError("output_error: the output x w is always zero: there is nothing to lose")
    lost = w - values
    return float(np.vdot(lost, h @ lost) / before)
