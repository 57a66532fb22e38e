"""Rotary positions: queries and keys turned by an angle that grows with their place."""

import numpy as np

from tinyffn.arguments import must_be_above
from tinyffn.tensor import op


@op
def rotary(x, *, positions, base=10000.0):
    """Turn each pair of channels (c, c + d_head / 2) by the angle positions · base^(-2c / d_head).

    Turns keep lengths and angles, and one turn undoes another. So if R_m is the turn at place m,
    the score of a turned query and a turned key is

        ⟨R_m q, R_n k⟩ = ⟨q, R_mᵀ R_n k⟩ = ⟨q, R_(n-m) k⟩:

    it knows how far apart the two are, and not where they stand. The first pair turns by one radian
    a place, the last so slowly that it tells near from far. `positions` are T numbers, such as
    np.arange(T), or those after a cache. (In the paper a pair are neighbours; halves are as good,
    and two slices instead of strides.)

    Forward    with h = d_head / 2, a = positions_t base^(-2c / d_head) for c < h:
               y_tc = x_tc cos a - x_t,c+h sin a    y_t,c+h = x_tc sin a + x_t,c+h cos a
    Backward   the turn back, by -a: dx_tc = dy_tc cos a + dy_t,c+h sin a
               dx_t,c+h = -dy_tc sin a + dy_t,c+h cos a
    Shapes     x (..., T, d_head) -> y (..., T, d_head)
    Errors     ValueError if d_head is odd or 0, positions are not (T) or not finite, or base is not
               above 0; TypeError if positions are not numbers
    Source     Su et al. 2021 (arXiv:2104.09864), section 3.2
    """
    must_be_above("rotary", 0.0, base=base)
    positions = _checked_positions(x, positions)
    half = x.shape[-1] // 2
    angles = positions[:, None] * float(base) ** (-np.arange(half) / half)  # (T, h), in float64
    cos, sin = np.cos(angles).astype(x.dtype), np.sin(angles).astype(x.dtype)

    def backward(dy):
        return (_turned(dy, cos, -sin),)

    return _turned(x, cos, sin), backward


def _turned(x, cos, sin):
    """Each pair (a, b) to (a cos - b sin, a sin + b cos)."""
    half = x.shape[-1] // 2
    a, b = x[..., :half], x[..., half:]
    y = np.empty_like(x)  # laid out as x is: see `attention`
    y[..., :half] = a * cos - b * sin
    y[..., half:] = a * sin + b * cos
    return y


def _checked_positions(x, positions):
    if x.ndim < 2 or x.shape[-1] == 0 or x.shape[-1] % 2:
        raise ValueError(
            f"rotary: x {x.shape} must be (..., T, d_head), with an even d_head: channels turn in "
            "pairs"
        )
    positions = np.asarray(positions)
    if positions.dtype.kind not in "iuf":
        raise TypeError(f"rotary: positions are {positions.dtype}, but must be numbers")
    if positions.shape != x.shape[-2:-1]:
        raise ValueError(
            f"rotary: positions {positions.shape} do not fit x {x.shape}: they must be "
            f"({x.shape[-2]},), one for each of the T rows"
        )
    if not np.isfinite(positions).all():
        raise ValueError("rotary: a position is infinite or not a number, so it has no angle")
    return positions.astype(np.float64)
