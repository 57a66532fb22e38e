"""A weight of one bit for each entry times whole numbers of 8 bits, by planes of bits.

The peers have both as float32, in which sums of these are exact.
"""

import numpy as np

from benchmarks.workloads import signs
from benchmarks.workloads.signs import value

TITLE = (
    "11008 x 4096 weight in signs, a scale per output, times 4096 numbers of 8 bits: one product"
)
UNIT, UNITS_PER_CALL = "product", 1

__all__ = ["value"]


def data():
    return np.random.default_rng(1).integers(-127, 128, signs.D_IN).astype(np.int8)


def with_tinyffn(x):
    from tinyffn.bits.planes import plane_product

    packed = signs.weight()
    return lambda: plane_product(x, packed)


with_numpy, with_pytorch = signs.with_numpy, signs.with_pytorch
