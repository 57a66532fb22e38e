"""What the block formats of llama.cpp share: the weights of an output, cut into blocks of bytes.

A block is a group of weights: their packed codes and their scale, in 16-bit floating point (fp16).
A stored matrix has one row for each output, and a row holds its d_in weights: our (d_in, d_out)
turned over.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from tinyffn.arguments import must_be_positive
from tinyffn.bits.quantized import Quantized, must_be_weight

TILE = 2**20
LARGEST_HALF = float(np.finfo(np.float16).max)  # 65504


@dataclass(frozen=True)
class Format:
    """A block format: how a group's codes and scale are chosen, and where they stand in its bytes.

    Arguments  type_id: its number in ggml, the library under llama.cpp; group: weights of a block;
               block_bytes: bytes of a block, two of them its scale; codes: those that it can hold;
               choose: float32 (..., group) -> codes (..., group) and scale (...);
               pack: codes (..., group) and the bytes of their scale (..., 2) -> (..., block_bytes);
               unpack: the other way round
    """

    name: str
    type_id: int
    group: int
    block_bytes: int
    codes: tuple[int, ...]
    choose: Callable
    pack: Callable
    unpack: Callable

    @property
    def bits_per_weight(self):
        """Scales included."""
        return 8 * self.block_bytes / self.group

    def row_bytes(self, d_in):
        """The bytes of one output's d_in weights.

        Errors     ValueError if d_in is not a whole number above 0 and a multiple of the group
        """
        return self._blocks(f"{self.name}.row_bytes", d_in) * self.block_bytes

    def quantize(self, w):
        """Codes and scales as the format's own program chooses them, computed in float32.

        Shapes     w (d_in, d_out) -> a Quantized whose scales are exact in fp16, kept in float32
        Errors     ValueError if w is not a (d_in, d_out) of finite floats, d_in is not a multiple
                   of the group, or a scale is too large for fp16
        """
        owner = f"{self.name}.quantize"
        w = np.asarray(w)
        if w.dtype == np.float16:
            w = w.astype(np.float32)  # exact
        must_be_weight(owner, w)
        d_in, d_out = w.shape
        n_blocks = self._blocks(owner, d_in)
        codes, scale = np.empty(w.shape, np.int8), np.empty((n_blocks, d_out), np.float32)
        for columns in tiles(d_in, d_out):
            with np.errstate(all="ignore"):  # scales of 0, and too large ones, are seen to below
                rows = np.ascontiguousarray(w[:, columns].T, np.float32)
                of_rows, of_blocks = self.choose(rows.reshape(-1, n_blocks, self.group))
            codes[:, columns], scale[:, columns] = of_rows.reshape(rows.shape).T, of_blocks.T
        return Quantized(codes, rounded_to_half(owner, scale), self.group, len(self.codes))

    def write(self, weight):
        """The bytes of a weight: floats, which are quantized first, or a Quantized, as it is.

        Shapes     floats (d_in, d_out) or a Quantized of that shape -> uint8 (d_out, row bytes)
        Errors     ValueError as for quantize, or if a Quantized has codes, groups, offsets or
                   scales that the format cannot hold exactly (nothing is rounded in silence), or
                   not as many scales as groups
        """
        quantized = weight if isinstance(weight, Quantized) else self.quantize(weight)
        scale = self._scales(quantized)
        d_in, d_out = quantized.codes.shape
        halves = np.ascontiguousarray(scale.T, "<f2")[..., np.newaxis].view(np.uint8)
        rows = np.empty((d_out, self.row_bytes(d_in)), np.uint8)
        for outputs in tiles(d_in, d_out):
            codes = np.ascontiguousarray(quantized.codes[:, outputs].T)
            if not np.isin(codes, self.codes).all():
                raise ValueError(
                    f"{self.name}.write: codes run from {codes.min()} to {codes.max()}, but each "
                    f"must be one of {self.codes}"
                )
            blocks = self.pack(codes.reshape(len(codes), -1, self.group), halves[outputs])
            rows[outputs] = blocks.reshape(len(blocks), -1)
        return rows

    def read(self, blocks):
        """What the bytes stand for.

        Shapes     uint8 (d_out, row bytes) -> a Quantized (d_in, d_out), its scales in float32
        Errors     ValueError if the bytes are not whole blocks, or hold a code that the format
                   does not have or a scale that is not finite
        """
        owner = f"{self.name}.read"
        blocks = np.asarray(blocks)
        if blocks.dtype != np.uint8 or blocks.ndim != 2 or not blocks.size:
            raise ValueError(
                f"{owner}: blocks are {blocks.dtype} {blocks.shape}, but must be uint8, one row "
                "for each output"
            )
        if blocks.shape[1] % self.block_bytes:
            raise ValueError(
                f"{owner}: a row has {blocks.shape[1]} bytes, but must be whole blocks of "
                f"{self.block_bytes}"
            )
        d_out, n_blocks = len(blocks), blocks.shape[1] // self.block_bytes
        d_in = n_blocks * self.group
        codes, scale = np.empty((d_in, d_out), np.int8), np.empty((n_blocks, d_out), np.float32)
        for outputs in tiles(d_in, d_out):
            rows = blocks[outputs].reshape(-1, n_blocks, self.block_bytes)
            of_rows, halves = self.unpack(rows)
            if not np.isin(of_rows, self.codes).all():
                raise ValueError(f"{owner}: a code is none of {self.codes}: the bytes are damaged")
            codes[:, outputs] = of_rows.reshape(len(rows), -1).T
            scale[:, outputs] = np.ascontiguousarray(halves).view("<f2")[..., 0].T
        if not np.isfinite(scale).all():
            raise ValueError(f"{owner}: a scale is not finite: the bytes are damaged")
        return Quantized(codes, scale, self.group, len(self.codes))

    def _blocks(self, owner, d_in):
        must_be_positive(owner, d_in=d_in)
        if d_in % self.group:
            raise ValueError(
                f"{owner}: d_in is {d_in}, but must be a multiple of {self.group}, the weights of "
                "a block"
            )
        return d_in // self.group

    def _scales(self, quantized):
        """The scale of each block: float (blocks, d_out), if the format can hold all exactly."""
        owner = f"{self.name}.write"
        codes, scale, group, _, offset = quantized
        n_blocks = self._blocks(owner, len(codes))
        n_groups, d_out = -(-len(codes) // group), codes.shape[1]
        if scale.shape not in ((n_groups, d_out), (n_groups, 1)):
            raise ValueError(
                f"{owner}: scales {scale.shape} do not fit codes {codes.shape} in groups of "
                f"{group}: there must be {(n_groups, d_out)} or {(n_groups, 1)} of them"
            )
        if offset is not None:
            raise ValueError(f"{owner}: this weight has offsets, for which there is no place")
        if group < len(codes) and group % self.group:
            raise ValueError(
                f"{owner}: {group} rows share a scale, but must be a multiple of {self.group} or "
                "all rows: a block has one scale"
            )
        if not np.array_equal(scale, rounded_to_half(owner, scale)):
            raise ValueError(
                f"{owner}: some scales are not exact in 16 bits: round them first, with "
                "half_scales(quantized)"
            )
        of_blocks = scale[np.arange(n_blocks) * self.group // group]
        return np.broadcast_to(of_blocks, (n_blocks, d_out))


class Blocks(NamedTuple):
    """The bytes of a weight beside the format that they are in.

    Attributes format: a Format; rows: uint8 (d_out, row bytes), as format.write makes them
    """

    format: Format
    rows: np.ndarray

    @property
    def shape(self):
        """(d_out, d_in): that of the matrix as it is stored."""
        d_in = self.rows.shape[-1] // self.format.block_bytes * self.format.group
        return (*self.rows.shape[:-1], d_in)

    def quantized(self):
        """What the bytes stand for: format.read(rows)."""
        return self.format.read(self.rows)


def tiles(d_in, d_out):
    """Slices of the outputs, each of about a million weights: what is made for one stays small."""
    step = max(1, TILE // d_in)
    return [slice(start, start + step) for start in range(0, d_out, step)]


def half_scales(quantized):
    """The same codes, with scales that are exact in fp16: what a block can hold.

    Errors     ValueError if a scale is not finite or too large for fp16
    """
    return quantized._replace(scale=rounded_to_half("half_scales", quantized.scale))


def rounded_to_half(owner, scale):
    """Each scale's nearest number in fp16 (to even where two are as near), in its own dtype.

    Errors     ValueError of the owner if a scale is not finite, or too large for fp16
    """
    with np.errstate(over="ignore"):
        rounded = scale.astype(np.float16)
    if not np.isfinite(rounded).all():
        raise ValueError(
            f"{owner}: a scale is {np.max(np.abs(scale)):.4g}, but 16-bit floating point ends at "
            f"{LARGEST_HALF:.0f}: divide the weight by a number first"
        )
    return rounded.astype(scale.dtype)


def absmax_codes(groups):
    """Ternary codes: each weight over the largest magnitude of its group, rounded.

    In float32, as weight times the inverse of the scale; halves are rounded away from zero. A
    group of zeros has the scale 0 and codes 0, and so has one whose inverse is beyond float32.

    Shapes     groups (..., group) -> codes int8 (..., group), scale (...)
    """
    scale = np.abs(groups).max(axis=-1)
    inverse = np.float32(1) / scale
    shares = groups * np.where(np.isfinite(inverse), inverse, np.float32(0))[..., np.newaxis]
    return (shares >= 0.5).astype(np.int8) - (shares <= -0.5).astype(np.int8), scale
