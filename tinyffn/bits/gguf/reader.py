"""Read a GGUF file, and believe nothing in it.

A file may come from a stranger, or be cut off. Every length and place that it states is compared
with the length of the file before anything of that size is made, and whatever does not fit is a
ValueError of one sentence that names the file. Data are not read but mapped: the system fetches
them when they are used.
"""

import mmap
import os
import struct
from typing import NamedTuple

import numpy as np

from tinyffn.bits.formats import Blocks
from tinyffn.bits.gguf.layout import (
    ALIGNMENT,
    ALIGNMENT_KEY,
    ARRAY,
    BOOL,
    LARGEST_HEADER_BYTES,
    LONGEST_KEY,
    LONGEST_NAME,
    LONGEST_STRING,
    MAGIC,
    MOST_AXES,
    NUMBERS,
    STRING,
    TYPES,
    UINT32,
    VERSION,
    Tensor,
    padded,
)

SMALLEST_ENTRY_BYTES, SMALLEST_TENSOR_BYTES = 13, 24
LENGTH = struct.Struct("<Q")
ALIGNMENTS = {2**k for k in range(3, 32)}
TYPE_OF = {kind.type_id: kind for kind in TYPES.values()}


class Gguf(NamedTuple):
    """What a file holds.

    Attributes metadata: key -> number, string, list of strings or array of numbers; tensors: name
               -> array or Blocks, in the file's order. They look into the file, which must stay as
               it is for as long as they are used (Windows lets nobody replace it then); they
               cannot be written to
    """

    metadata: dict
    tensors: dict


def read_gguf(path):
    """Metadata and tensors of a GGUF file.

    Errors     FileNotFoundError if there is none; ValueError, naming the file and what is wrong
               with it, if it is no whole GGUF file of version 3, little endian, or has a tensor of
               a type that is not in TYPES
    """
    with open(path, "rb") as file:
        size = os.fstat(file.fileno()).st_size
        if size < 24:
            raise ValueError(
                f"read_gguf: {path} has {size} bytes, but the beginning of a GGUF file has 24: it "
                "is cut off, or is no GGUF file"
            )
        data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    head = _Header(path, data)
    n_tensors, n_entries = head.beginning()
    metadata, alignment = {}, ALIGNMENT
    for _ in range(n_entries):
        key, value = head.entry(metadata)
        metadata[key] = value
        if key == ALIGNMENT_KEY:
            alignment = value
    places = {}
    for _ in range(n_tensors):
        tensor, begin = head.tensor(places, alignment)
        places[tensor.name] = tensor, begin
    start = padded(head.at, alignment)
    head.check_places(places, start, alignment)
    return Gguf(metadata, {n: _view(data, t, start + begin) for n, (t, begin) in places.items()})


class _Header:
    """Reads a header from front to back; whatever is not there is an error of one sentence."""

    def __init__(self, path, data):
        self.path, self.data, self.at = path, data, 0
        self.end = min(len(data), LARGEST_HEADER_BYTES)

    def wrong(self, what):
        return ValueError(f"read_gguf: {self.path}: {what}")

    def take(self, n_bytes, what):
        """Where the next bytes begin, if there are so many."""
        left = self.end - self.at
        if n_bytes > left:
            limit = "the file ends" if self.end == len(self.data) else "a header may not be longer"
            raise self.wrong(
                f"{what} at byte {self.at} takes {n_bytes} bytes, but {limit} {left} bytes later"
            )
        begin, self.at = self.at, self.at + n_bytes
        return begin

    def numbers(self, kinds, what):
        begin = self.take(struct.calcsize("<" + kinds), what)
        return struct.unpack_from("<" + kinds, self.data, begin)

    def string(self, what, longest=LONGEST_STRING):
        (n_bytes,) = LENGTH.unpack_from(self.data, self.take(LENGTH.size, what))
        if n_bytes > longest:
            raise self.wrong(f"{what} at byte {self.at} has {n_bytes} bytes, more than {longest}")
        begin = self.take(n_bytes, what)
        try:
            return self.data[begin : self.at].decode("utf-8")
        except UnicodeDecodeError:
            raise self.wrong(f"{what} at byte {begin} is not text in UTF-8") from None

    def beginning(self):
        """The numbers of tensors and of metadata entries, if so many could be there at all."""
        if self.data[:4] != MAGIC:
            raise self.wrong(f"it begins with {self.data[:4]!r}, not with {MAGIC!r}: no GGUF file")
        self.take(4, "the magic")
        version, n_tensors, n_entries = self.numbers("IQQ", "the beginning")
        if version != VERSION:
            turned = int.from_bytes(version.to_bytes(4, "little"), "big")
            why = ": its bytes are in big-endian order" if turned == VERSION else ""
            raise self.wrong(f"its version is {version}, but only {VERSION} can be read{why}")
        least = n_tensors * SMALLEST_TENSOR_BYTES + n_entries * SMALLEST_ENTRY_BYTES
        if least > self.end - self.at:
            raise self.wrong(
                f"it claims {n_tensors} tensors and {n_entries} metadata entries, more than its "
                f"{len(self.data)} bytes can describe"
            )
        return n_tensors, n_entries

    def entry(self, known):
        """The next metadata entry: key and value."""
        key = self.string("a metadata key", LONGEST_KEY)
        shown = f"{key!r:.60}"
        if not key or key in known:
            raise self.wrong(f"the metadata key {shown} is {'there twice' if key else 'empty'}")
        (kind,) = self.numbers("I", f"the type of {shown}")
        value = self.value(kind, shown)
        if key == ALIGNMENT_KEY and not (kind == UINT32 and value in ALIGNMENTS):
            raise self.wrong(f"its alignment is {value!r:.60}, not a power of two, 8 or above")
        return key, value

    def value(self, kind, key):
        if kind == STRING:
            return self.string(key)
        if kind == ARRAY:
            return self.array(key)
        return self.items(kind, 1, key)[0].item()

    def array(self, key):
        kind, n_items = self.numbers("IQ", f"the array {key}")
        if kind == STRING:
            if n_items * 8 > self.end - self.at:
                raise self.wrong(f"the array {key} claims {n_items} strings, more than fit into it")
            what = f"an item of {key}"
            return [self.string(what) for _ in range(n_items)]
        if kind == ARRAY:
            raise self.wrong(f"{key} is an array of arrays, which is not supported")
        return self.items(kind, n_items, key)

    def items(self, kind, n_items, key):
        """Numbers of one type, as an array of their own."""
        if kind not in NUMBERS:
            raise self.wrong(f"{key} has the unknown value type {kind}")
        dtype = np.dtype(NUMBERS[kind])
        begin = self.take(n_items * dtype.itemsize, f"the value of {key}")
        if kind == BOOL:
            found = np.frombuffer(self.data, np.uint8, n_items, begin)
            if n_items and found.max() > 1:
                raise self.wrong(f"{key} holds {found.max()}, where only 0 and 1 are true or false")
            return found == 1
        return np.frombuffer(self.data, dtype, n_items, begin).copy()

    def tensor(self, known, alignment):
        """The next tensor, and where its data begin behind the header."""
        name = self.string("a tensor's name", LONGEST_NAME)
        if not name or name in known:
            raise self.wrong(f"the tensor name {name!r} is {'there twice' if name else 'empty'}")
        (n_axes,) = self.numbers("I", f"the number of axes of {name!r}")
        if n_axes > MOST_AXES:
            raise self.wrong(f"the tensor {name!r} has {n_axes} axes, more than {MOST_AXES}")
        *axes, type_id, begin = self.numbers(f"{n_axes}QIQ", f"the description of {name!r}")
        if type_id not in TYPE_OF:
            raise self.wrong(
                f"the tensor {name!r} has the type {type_id}, which is none of "
                f"{', '.join(f'{kind.type_id} ({kind.name})' for kind in TYPE_OF.values())}"
            )
        tensor = Tensor(name, tuple(axes[::-1]), TYPE_OF[type_id])
        group = tensor.type.group
        if 0 in axes or (group > 1 and (not axes or axes[0] % group)):
            raise self.wrong(
                f"the tensor {name!r} of type {tensor.type.name} has the shape {tensor.shape}: no "
                f"axis may be empty, and the last must be a multiple of {group}"
            )
        if begin % alignment:
            raise self.wrong(
                f"the data of {name!r} begin at {begin}, not at a multiple of the alignment, "
                f"{alignment}"
            )
        return tensor, begin

    def check_places(self, places, start, alignment):
        """ValueError if data lie outside the file, or two tensors share bytes."""
        previous, end = "", 0
        for name, (tensor, begin) in sorted(places.items(), key=lambda item: item[1][1]):
            if begin < end:
                raise self.wrong(f"the data of {previous!r} and of {name!r} overlap")
            previous, end = name, begin + padded(tensor.size_bytes, alignment)
            if start + end > len(self.data):
                raise self.wrong(
                    f"the data of {name!r} end at byte {start + end}, but the file has "
                    f"{len(self.data)}: it is cut off, or damaged"
                )


def _view(data, tensor, begin):
    """A tensor's numbers, where they lie in the file."""
    kind = tensor.type
    if kind.format is None:
        n_numbers = tensor.size_bytes // kind.block_bytes
        return np.frombuffer(data, kind.dtype, n_numbers, begin).reshape(tensor.shape)
    rows = np.frombuffer(data, np.uint8, tensor.size_bytes, begin)
    row_bytes = kind.size_bytes(tensor.shape[-1:])
    return Blocks(kind.format, rows.reshape(*tensor.shape[:-1], row_bytes))
