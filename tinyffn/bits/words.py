"""Signs in words of 64 bits, laid out for products: what the kernels in this folder work on."""

from typing import NamedTuple

import numpy as np

from tinyffn.bits.packing import as_words
from tinyffn.bits.products import pieces
from tinyffn.bits.quantized import Quantized, group_sizes


class SignWords(NamedTuple):
    """The signs of a weight (d_in, d_out), 64 in a word, and the scales of their groups.

    Bit b of words[g, k, j] is 1 where the code of row g group + 64 k + b of column j is +1. Each
    group begins with a new word, so its sum needs no part of a word; what a last word has room for
    beyond the group is zero bits. Groups of a multiple of 64 rows waste nothing.

    Neighbours in memory belong to neighbouring columns, which meet the same word of x: one call of
    NumPy serves them all.

    Attributes words: uint64 (n_groups, n_words, d_out); scale: floats (n_groups, d_out), or
               (n_groups, 1); group: how many rows share a scale; d_in: how many rows there are
    """

    words: np.ndarray
    scale: np.ndarray
    group: int
    d_in: int

    @property
    def shape(self):
        """That of the weight: (d_in, d_out)."""
        return self.d_in, self.words.shape[-1]

    @property
    def n_groups(self):
        """How many groups lie along d_in."""
        return len(self.words)

    @property
    def size_bytes(self):
        """Bytes of words and scales, those that nothing uses included."""
        return self.words.nbytes + self.scale.nbytes

    def rows_of(self, g):
        """The rows of the weight that group g holds, as a slice."""
        return slice(g * self.group, min((g + 1) * self.group, self.d_in))

    @property
    def n_rows(self):
        """How many rows each group holds: (n_groups, 1), `group` for all but the last."""
        return group_sizes(self.shape, self.group, "column")

    def columns(self, some):
        """The weight of some outputs only, `some` a slice: SignWords, as views."""
        scale = self.scale if self.scale.shape[1] == 1 else self.scale[:, some]
        return self._replace(words=self.words[..., some], scale=scale)

    def quantized(self):
        """What was packed, unpacked again: a Quantized."""
        octets = self.words.astype("<u8", copy=False).swapaxes(1, 2).copy().view(np.uint8)
        bits = np.unpackbits(octets, axis=-1, count=self.group, bitorder="little")
        rows = bits.view(np.int8).swapaxes(1, 2).reshape(-1, bits.shape[1])[: self.d_in]
        return Quantized(2 * rows - np.int8(1), self.scale, self.group, levels=2)


def sign_words(quantized, *, scale_dtype=None):
    """Pack the signs of a Quantized for the kernels: the way back is `.quantized()`.

    Arguments  scale_dtype: np.float16 to halve the scales' bytes, as files do; None keeps them
    Errors     ValueError if it holds something else than signs, or nothing, there are not as many
               scales as groups, or one is too large for scale_dtype; TypeError if that is no type
               of floats
    """
    codes, scale = quantized.codes, quantized.scale
    scale_dtype = np.dtype(scale_dtype or scale.dtype)
    if scale_dtype.kind != "f":
        raise TypeError(f"sign_words: scale_dtype is {scale_dtype}, but scales must be floats")
    if quantized.levels != 2 or quantized.offset is not None or not (np.abs(codes) == 1).all():
        raise ValueError(
            f"sign_words: a Quantized of {quantized.levels} levels"
            f"{'' if quantized.offset is None else ' and an offset'} is given, but its codes must "
            "be -1 and +1 alone: ternary ones are the sum of two (see as_signs)"
        )
    d_in, d_out = codes.shape
    if not codes.size:
        raise ValueError(f"sign_words: codes {codes.shape} are given, but there must be some")
    group = min(quantized.group, d_in)
    n_groups, n_words = -(-d_in // group), -(-group // 64)
    if scale.shape not in ((n_groups, d_out), (n_groups, 1)):
        raise ValueError(
            f"sign_words: scales {scale.shape} do not fit codes {codes.shape} in groups of "
            f"{group}: there must be {(n_groups, d_out)} or {(n_groups, 1)} of them"
        )
    words = np.empty((n_groups, n_words, d_out), np.uint64)
    for columns in pieces(d_out, 2**20 // d_in):
        packed = grouped_words(codes[:, columns].T > 0, group)
        words[..., columns] = np.moveaxis(packed, 0, -1)
    with np.errstate(over="ignore"):  # found below
        scale = scale.astype(scale_dtype)
    if not np.isfinite(scale).all():
        raise ValueError(f"sign_words: a scale is not finite as {scale.dtype}: keep float32")
    return SignWords(words, scale, group, d_in)


def as_signs(quantized):
    """Ternary codes as the sum of two weights in signs, each with half the scale.

        t = (a + b) / 2,    a = +1 where t >= 0, else -1;    b = +1 where t > 0, else -1

    So what multiplies with signs multiplies with ternary weights too, in twice the time.

    Returns    a list of Quantized with two levels: two for ternary codes, for signs the one given
    Errors     ValueError if the codes are neither
    """
    if quantized.levels == 2:
        return [quantized]
    if quantized.levels != 3 or quantized.offset is not None or np.abs(quantized.codes).max() > 1:
        raise ValueError(
            f"as_signs: a Quantized of {quantized.levels} levels is given, but there must be two, "
            "-1 and +1, or three, with 0"
        )
    half = quantized.scale / 2
    return [
        Quantized(np.where(plus, 1, -1).astype(np.int8), half, quantized.group, levels=2)
        for plus in (quantized.codes >= 0, quantized.codes > 0)
    ]


def grouped_words(bits, group):
    """Rows of bits as words, each group of bits from a new word on.

    Shapes     bits (n, d_in), booleans -> uint64 (n, n_groups, ceil(group / 64))
    """
    n, d_in = bits.shape
    n_groups = -(-d_in // group)
    room = np.zeros((n, n_groups * group), np.bool_)
    room[:, :d_in] = bits
    room = room.reshape(n, n_groups, group)
    return as_words(np.packbits(room, axis=-1, bitorder="little"))
