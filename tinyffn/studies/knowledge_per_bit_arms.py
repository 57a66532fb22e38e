"""How layers are trained and stored, on how many facts and at which rates."""

from functools import partial
from typing import NamedTuple

from tinyffn.bits.schemes import binary
from tinyffn.bits.ternary import ternary
from tinyffn.bits.uniform import absmax, clipped_absmax

# After training each column has the scale that suits it; in training the weights suit themselves.
AFTER = {
    "int8": partial(clipped_absmax, bits=8),
    "int4": partial(clipped_absmax, bits=4),
    "int3": partial(clipped_absmax, bits=3),
    "ternary": partial(ternary, threshold=0.7, scale="least squares"),
    "sign": binary,
}
COMPENSATED = ("int4", "int3", "ternary", "sign")
DURING = {
    "int8": partial(absmax, bits=8),
    "int4": partial(absmax, bits=4),
    "ternary": ternary,
    "sign": binary,
}


class Training(NamedTuple):
    """How a layer is trained: in what, on which numbers of facts, at which rates, and what else."""

    scheme: str | None  # of DURING, or None for float32
    rates: dict  # {number of facts: rates}
    per: str = "column"  # what shares a scale
    settings: dict | None = None  # of knowledge_layer.train
    after: bool = False  # whether it is rounded after training too


FLOAT = "float32"
TRAININGS = {
    FLOAT: Training(
        None,
        {
            250: (0.02, 0.04),
            500: (0.01, 0.02, 0.04),
            1000: (0.02, 0.04, 0.08),
            1500: (0.04, 0.08, 0.16),
            2000: (0.04, 0.08, 0.16, 0.32),
            2500: (0.08, 0.16, 0.32),
            3000: (0.08, 0.16, 0.32),
            3500: (0.08, 0.16, 0.32),
            4000: (0.08, 0.16),
        },
        after=True,
    ),
    "int4 in training": Training(
        "int4",
        {
            2000: (0.01, 0.02, 0.04, 0.08),
            2500: (0.02, 0.04, 0.08, 0.16, 0.32, 0.64),
            3000: (0.02, 0.04, 0.08, 0.16, 0.32, 0.64),
            3500: (0.08, 0.16, 0.32, 0.64),
        },
    ),
    "ternary in training": Training(
        "ternary",
        {
            1000: (0.0025, 0.005, 0.01, 0.02),
            1300: (0.0025, 0.005, 0.01, 0.02),
            1600: (0.0025, 0.005, 0.01),
            2000: (0.0025, 0.005, 0.01),
            2500: (0.00125, 0.0025, 0.005, 0.01),
        },
    ),
    "sign in training": Training(
        "sign",
        {
            500: (0.002, 0.004, 0.008),
            700: (0.001, 0.002, 0.004, 0.008, 0.016, 0.032),
            900: (0.001, 0.002, 0.004, 0.008, 0.016, 0.032),
            1200: (0.002, 0.004, 0.008),
        },
    ),
    "sign, 4000 exposures": Training(
        "sign", {900: (0.0005, 0.001, 0.002)}, settings={"exposures": 4000}
    ),
    "int4, one scale": Training(
        "int4", dict.fromkeys((2000, 2500, 3000), (0.04, 0.08, 0.16, 0.32)), "tensor"
    ),
    "ternary, one scale": Training(
        "ternary", dict.fromkeys((1300, 1600, 2000), (0.0025, 0.005, 0.01)), "tensor"
    ),
    "sign, one scale": Training(
        "sign", dict.fromkeys((700, 900, 1200), (0.001, 0.002, 0.004)), "tensor"
    ),
}
