"""Where everything stands in a GGUF file, version 3, little endian.

    "GGUF", version, number of tensors, number of metadata entries        4 + 4 + 8 + 8 bytes
    each metadata entry: key, type, value
    each tensor: name, number of axes, size of each axis, type, where its data begin
    zeros, up to a multiple of the alignment
    each tensor's data, and zeros up to a multiple of the alignment

A string is its length in 8 bytes and then its bytes; an array is the type of its items, their
number and the items. Axes are listed from the one whose neighbours lie side by side: a NumPy array
(d_out, d_in) has the axes d_in, d_out. Where data begin is counted from the end of the header.

Source     the GGUF specification (github.com/ggml-org/ggml, docs/gguf.md), and llama.cpp's reader
           for what it leaves open: names of at most 63 bytes, 4 axes, no arrays of arrays
"""

import math
import struct
from typing import NamedTuple

import numpy as np

from tinyffn.arguments import is_whole
from tinyffn.bits.formats import FORMATS, Format

MAGIC, VERSION = b"GGUF", 3
ALIGNMENT, ALIGNMENT_KEY = 32, "general.alignment"
LONGEST_NAME, LONGEST_KEY, MOST_AXES, LONGEST_AXIS = 63, 65_535, 4, 2**63 - 1
LARGEST_HEADER_BYTES = 2**26  # lists of a quarter of a million words take ten megabytes
LONGEST_STRING = 2**24

NUMBERS = {0: "u1", 1: "i1", 2: "<u2", 3: "<i2", 4: "<u4", 5: "<i4", 6: "<f4", 7: "?", 10: "<u8",
           11: "<i8", 12: "<f8"}  # fmt: skip
UINT32, BOOL, STRING, ARRAY = 4, 7, 8, 9


class TensorType(NamedTuple):
    """How a tensor's numbers are stored: `group` of them in `block_bytes`.

    A plain type has a dtype and groups of one number; the others have a Format.
    """

    name: str
    type_id: int
    group: int
    block_bytes: int
    dtype: str | None = None
    format: Format | None = None

    def size_bytes(self, shape):
        """The bytes of a tensor of this shape, whose last axis is whole groups."""
        return math.prod(shape) // self.group * self.block_bytes


PLAIN = {"F32": (0, "<f4"), "F16": (1, "<f2"), "I8": (24, "i1"), "I16": (25, "<i2"),
         "I32": (26, "<i4"), "I64": (27, "<i8"), "F64": (28, "<f8")}  # fmt: skip
TYPES = {
    **{n: TensorType(n, i, 1, np.dtype(d).itemsize, dtype=d) for n, (i, d) in PLAIN.items()},
    **{f.name: TensorType(f.name, f.type_id, f.group, f.block_bytes, format=f) for f in FORMATS},
}


class Tensor(NamedTuple):
    """A tensor of a file: its name, its shape as NumPy says it, and how its numbers are stored."""

    name: str
    shape: tuple[int, ...]
    type: TensorType

    @property
    def size_bytes(self):
        """The bytes of its data, without what pads them."""
        return self.type.size_bytes(self.shape)


def padded(size, alignment):
    """The next multiple of the alignment."""
    return -(-size // alignment) * alignment


def header(tensors, metadata, alignment):
    """All bytes before the data, and where each tensor's data begin behind them.

    Arguments  tensors: a list of Tensor; metadata: a dict
    Errors     TypeError or ValueError if a file cannot hold a value of the metadata; ValueError if
               a place takes more than 64 bits, or the header is longer than read_gguf reads
    """
    if alignment != ALIGNMENT:
        metadata = {**metadata, ALIGNMENT_KEY: alignment}
    parts = [MAGIC, struct.pack("<IQQ", VERSION, len(tensors), len(metadata))]
    for key, value in metadata.items():
        parts += [string_bytes(key), value_bytes(key, value)]
    begins, place = [], 0
    for tensor in tensors:
        axes = tensor.shape[::-1]
        numbers = (len(axes), *axes, tensor.type.type_id, place)
        parts += [string_bytes(tensor.name), struct.pack(f"<I{len(axes)}QIQ", *numbers)]
        begins.append(place)
        place += padded(tensor.size_bytes, alignment)
        if place >= 2**64:
            raise ValueError(
                f"write_gguf: the data up to {tensor.name!r} take {place} bytes, but places in a "
                "file have 64 bits"
            )
    head = b"".join(parts)
    if len(head) > LARGEST_HEADER_BYTES:
        raise ValueError(
            f"write_gguf: names and metadata take {len(head)} bytes, but read_gguf reads at most "
            f"{LARGEST_HEADER_BYTES}: store long lists as tensors"
        )
    return head + bytes(-len(head) % alignment), begins


def utf8(text):
    """The bytes of a text, or None where it is no text, or one that UTF-8 cannot hold.

    Python's strings may have half of a pair of surrogates: "\\udcff" in a file name, say.
    """
    try:
        return text.encode() if isinstance(text, str) else None
    except UnicodeEncodeError:
        return None


def string_bytes(text):
    """Its length, and its bytes."""
    data = text.encode()
    return struct.pack("<Q", len(data)) + data


def value_bytes(key, value):
    """The type and the bytes of a metadata value.

    A Python int is stored in 32 bits if it fits, without a sign if it has none, else in 64; a
    Python float in 64 bits; a NumPy number as what it is; a list or an array of one axis as an
    array.

    Errors     TypeError or ValueError, naming the key, if a file cannot hold the value
    """
    if isinstance(value, str):
        return struct.pack("<I", STRING) + _text_bytes(key, value)
    if isinstance(value, list | tuple) and value and all(isinstance(v, str) for v in value):
        items = b"".join(_text_bytes(key, v) for v in value)
        return struct.pack("<IIQ", ARRAY, STRING, len(value)) + items
    if isinstance(value, int) and not isinstance(value, bool):
        value = np.array(value, _smallest_integer(key, value))
    try:
        array = np.asarray(value)
    except ValueError:  # lists of different lengths
        array = np.asarray(None)
    stored = array.dtype.newbyteorder("<")
    kind = next((i for i, dtype in NUMBERS.items() if stored == np.dtype(dtype)), None)
    if kind is None or array.ndim > 1 or not array.size or _is_rounded(value, array):
        raise TypeError(
            f"write_gguf: metadata {key!r:.60} is {value!r:.60}, but must be a string, a bool, an "
            "integer, a float of 32 or 64 bits, or a list of them"
        )
    head = struct.pack("<IIQ", ARRAY, kind, array.size) if array.ndim else struct.pack("<I", kind)
    return head + array.astype(NUMBERS[kind]).tobytes()


def _text_bytes(key, text):
    data = utf8(text)
    if data is None or len(data) > LONGEST_STRING:
        raise ValueError(
            f"write_gguf: metadata {key!r:.60} has the text {text!r:.60}, but it must be text that "
            f"UTF-8 can hold, of at most {LONGEST_STRING} bytes"
        )
    return string_bytes(text)


def _is_rounded(value, array):
    """Whether integers in a list became floats that are not equal to them: 2^63 + 1 beside -1."""
    return (
        isinstance(value, list | tuple)
        and array.dtype.kind == "f"
        and any(is_whole(v) and v != x for v, x in zip(value, array.tolist(), strict=True))
    )


def _smallest_integer(key, value):
    for dtype in ("<u4", "<i4", "<u8", "<i8"):
        if np.iinfo(dtype).min <= value <= np.iinfo(dtype).max:
            return dtype
    raise ValueError(f"write_gguf: metadata {key!r:.60} is {value}, which 64 bits do not hold")
