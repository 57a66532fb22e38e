"""Which layers of a language model are rounded, to what, and how: see after_training.py."""

from functools import partial
from typing import NamedTuple

from tinyffn.bits.schemes import binary
from tinyffn.bits.ternary import ternary
from tinyffn.bits.uniform import absmax, clipped_absmax

GROUP = 64  # rows that share a scale: d_model, so all layers have as many scales a weight

SCHEMES = {
    "sign": partial(binary, per=GROUP),
    "ternary": partial(ternary, per=GROUP),
    "ternary, best scale": partial(
        ternary, per=GROUP, threshold=0.7, scale="least squares"
    ),
    "2 bits": partial(absmax, bits=2, per=GROUP),
    "2 bits, clipped": partial(clipped_absmax, bits=2, per=GROUP),
    "3 bits": partial(absmax, bits=3, per=GROUP),
    "3 bits, clipped": partial(clipped_absmax, bits=3, per=GROUP),
    "4 bits": partial(absmax, bits=4, per=GROUP),
    "4 bits, clipped": partial(clipped_absmax, bits=4, per=GROUP),
}
PARTS = ("ffn", "attention", "all")


class Arm(NamedTuple):
    """Which layers are rounded ("ffn", "attention", "all", or the name of one), to what, and how.

    A method "in turn: ..." measures what a layer is given after all before it are rounded. With
    "repair: ...", the layer is repaired for these inputs too, before it is rounded: see bits.repair
    """

    which: str
    scheme: str
    method: str

    def __str__(self):
        return ": ".join(self)


FLOAT = "not rounded"
PLAIN = [Arm(which, scheme, "plain") for which in PARTS for scheme in SCHEMES]
UNCLIPPED = [scheme for scheme in SCHEMES if not scheme.endswith("clipped")]
PLAIN += [Arm("all", scheme, "rotated") for scheme in UNCLIPPED]
PLAIN += [Arm(which, "sign", "rank one") for which in PARTS]
SCALED = [Arm("all", scheme, "scaled") for scheme in UNCLIPPED]
DAMPED = [Arm(which, scheme, "compensated") for which in PARTS for scheme in SCHEMES]
DAMPED += [
    Arm(which, "sign", method)
    for which in PARTS
    for method in ("rank one, fitted", "compensated, fitted")
]
DAMPED += [
    Arm("all", scheme, "in turn: compensated")
    for scheme in ("sign", "ternary, best scale", "2 bits, clipped", "3 bits")
]
DAMPED += [Arm("all", "sign", f"{how}: compensated, fitted") for how in ("in turn", "repair")]
DAMPED += [Arm("all", scheme, "repair: compensated") for scheme in SCHEMES]
DAMPED += [Arm("all", "sign", "repair: plain")]
DAMPED += [
    Arm(which, "sign", f"repair: {method}")
    for which in ("ffn", "attention")
    for method in ("compensated", "compensated, fitted")
]
