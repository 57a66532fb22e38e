"""Block formats of llama.cpp, byte for byte; each file says where a weight stands in its block."""

from tinyffn.bits.formats.format import Blocks, Format, half_scales
from tinyffn.bits.formats.q1_0 import Q1_0
from tinyffn.bits.formats.q2_0 import Q2_0
from tinyffn.bits.formats.tq1_0 import TQ1_0
from tinyffn.bits.formats.tq2_0 import TQ2_0

FORMATS = (Q1_0, Q2_0, TQ1_0, TQ2_0)

__all__ = ["FORMATS", "Q1_0", "Q2_0", "TQ1_0", "TQ2_0", "Blocks", "Format", "half_scales"]
