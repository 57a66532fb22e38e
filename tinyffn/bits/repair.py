"""A weight for inputs that are no longer what they were: the layers before have been rounded."""

import numpy as np

from tinyffn.arguments import must_be_at_least
from tinyffn.bits.quantized import must_be_weight
from tinyffn.bits.second_moment import as_second_moment


def repaired(w, second_moment, cross_moment, *, damping=0.01):
    """The weight that says, as well as it can, on new inputs z what w said on the old ones x.

    It makes E|z w' - x w|² + ε |w' - w|² as small as can be. Where the derivative by w' is zero,

        w' = (H + ε I)⁻¹ (Cᵀ + ε I) w,   H = E[z zᵀ],   C = E[x zᵀ]

    With z = x it is w. To round a whole model, repair each layer before it is rounded, the first
    layer first: else each of them takes the errors of all before it for its inputs.

    Arguments  w (d_in, d_out); second_moment: H (d_in, d_in); cross_moment: C (d_in, d_in), whose
               rows belong to x, its columns to z; damping: ε as a share of the mean of H's diagonal
    Returns    a new array like w
    Errors     those of `binary` for w; ValueError if shapes do not fit, second_moment is not a
               second moment, cross_moment is not finite, damping is not a number of at least 0, or
               H + ε I has no inverse
    Source     to compare with what the model that is not rounded says is the idea of Li et al.
               2025 (GPTAQ, arXiv:2504.02692), who make one formula of it and error compensation
    """
    must_be_at_least("repaired", 0, damping=damping)
    w = np.asarray(w)
    must_be_weight("repaired", w)
    h = as_second_moment("repaired", second_moment, len(w))
    c = np.asarray(cross_moment, np.float64)
    if c.shape != h.shape or not np.isfinite(c).all():
        raise ValueError(
            f"repaired: cross_moment {c.shape} must be {h.shape}, the mean of x zᵀ, all finite"
        )
    ridge = damping * h.diagonal().mean() * np.eye(len(h))
    try:
        return np.linalg.solve(h + ridge, (c.T + ridge) @ w).astype(w.dtype)
    except np.linalg.LinAlgError:
        raise ValueError(
            "repaired: second_moment has no inverse: some inputs are always zero, or sums of "
            "others. Raise damping: 0.01, say"
        ) from None
