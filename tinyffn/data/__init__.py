"""What lessons train on. Nothing here touches the network."""

from tinyffn.data.batches import random_batches
from tinyffn.data.damage import damaged
from tinyffn.data.facts import FactLanguage, random_facts
from tinyffn.data.glyphs import draw_glyphs, font_families
from tinyffn.data.lines import cut_lines, pad_lines, random_lines
from tinyffn.data.pictures import landscape
from tinyffn.data.recall import random_copying, random_recall
from tinyffn.data.shapes import moons, rings, spirals, xor_clouds
from tinyffn.data.text import (
    Characters,
    documentation,
    fingerprint,
    read_text,
    source_code,
    split,
    stands_in,
    tidy,
)
from tinyffn.data.windows import every_context, random_contexts, random_windows

__all__ = [
    "Characters", "FactLanguage", "cut_lines", "damaged", "documentation", "draw_glyphs",
    "every_context", "fingerprint", "font_families", "landscape", "moons", "pad_lines",
    "random_batches", "random_contexts", "random_copying", "random_facts", "random_lines",
    "random_recall", "random_windows", "read_text", "rings", "source_code", "spirals", "split",
    "stands_in", "tidy", "xor_clouds",
]  # fmt: skip
