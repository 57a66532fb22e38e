"""The answer to exercise 17.2, and how to get there.

Put both in: y_tj = Σ_g Σ_{i in g} (low_t + step_t u_ti) scale_gj codes_ij. low_t and step_t do not
depend on i, and scale_gj does not within a group, so they leave the inner sum:

    y_tj = Σ_g scale_gj (step_t Σ_{i in g} u_ti codes_ij  +  low_t Σ_{i in g} codes_ij)

The first inner sum is the whole-number product. The second, how many more +1 than -1 there are,
belongs to the weights alone. Two multiplications by floats for each group and output are left,
where the plain product has one for each row.

Whole numbers of 8 bits times codes of 8 bits make NumPy's matmul answer in 16 bits, which 255 times
129 rows already exceeds. So they are widened first.
"""

import numpy as np


def whole_tokens(x):
    low, high = x.min(axis=-1, keepdims=True), x.max(axis=-1, keepdims=True)
    step = np.where(high > low, (high - low) / 255, 1).astype(x.dtype)
    return np.rint((x - low) / step).astype(np.uint8), step, low


def bit_linear(u, step, low, codes, scale, group):
    wide_inputs, wide_codes = u.astype(np.int32), codes.astype(np.int32)
    starts = range(0, len(codes), group)
    sums = np.stack(
        [wide_inputs[..., s : s + group] @ wide_codes[s : s + group] for s in starts], axis=-2
    )
    balance = np.add.reduceat(wide_codes, starts, axis=0)
    of_groups = step[..., np.newaxis] * sums + low[..., np.newaxis] * balance
    return sums, np.sum(scale * of_groups, axis=-2).astype(scale.dtype)
