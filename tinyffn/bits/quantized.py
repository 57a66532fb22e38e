"""A weight in few bits: a whole number for each entry, and what the numbers stand for."""

import math
from typing import NamedTuple

import numpy as np

from tinyffn.arguments import is_whole, must_be_callable
from tinyffn.dtypes import FLOATS


class Quantized(NamedTuple):
    """A weight w (d_in, d_out) as codes, with one scale for each group of them.

        w_ij ≈ scale_gj code_ij + offset_gj,   g = i // group

    A group lies along d_in, the axis that is summed in x w: so each output sums groups and scales
    each of their sums once. The last group is shorter where `group` does not divide d_in.

    Attributes codes: int8 (d_in, d_out); scale: floats (n_groups, d_out), or (n_groups, 1) where
               all columns share it; group: how many rows share a scale; levels: how many different
               codes there may be; offset: like scale, or None for 0
    """

    codes: np.ndarray
    scale: np.ndarray
    group: int
    levels: int
    offset: np.ndarray | None = None

    def values(self):
        """The weight that the codes stand for: floats (d_in, d_out), of the dtype of scale."""
        values = self.codes * self._of_each_row(self.scale)
        return values if self.offset is None else values + self._of_each_row(self.offset)

    @property
    def n_scales(self):
        """How many numbers there are beside the codes: scales, and offsets where there are any."""
        return self.scale.size * (1 if self.offset is None else 2)

    def bits_per_weight(self, *, bits_per_scale=16):
        """Bits for each entry of w, those of the scales included: log2(levels) for each code.

        Codes of three levels take 1.585 bits: a format that stores them in more wastes the rest.
        """
        return math.log2(self.levels) + bits_per_scale * self.n_scales / self.codes.size

    def _of_each_row(self, numbers):
        return of_each_row(numbers, self.group, len(self.codes))


def rows_of_a_group(owner, w, per):
    """How many rows of w (d_in, d_out) share a scale: `per` is "tensor", "column" or that number.

    Errors     those of must_be_weight; ValueError if per is none of these
    """
    must_be_weight(owner, w)
    if isinstance(per, str) and per in ("tensor", "column"):
        return len(w)
    if not is_whole(per) or per < 1:
        raise ValueError(
            f'{owner}: per is {per!r}, but must be "tensor", "column", or a whole number of rows '
            "that share a scale"
        )
    return int(per)


def must_be_weight(owner, w):
    """An error unless w is a weight (d_in, d_out) that can be worked with in its own type.

    float16 can not: its numbers end at 65504, and a weight often has more entries than that, so
    that not even their count is finite.

    Errors     ValueError if w has other axes, is empty, holds no floats, or a number that is not
               finite or so large that a sum of them may not be; TypeError if w is float16, or
               anything but float32 and float64
    """
    if w.ndim != 2 or w.size == 0 or w.dtype.kind != "f":
        raise ValueError(f"{owner}: w is {w.dtype} {w.shape}, but must be floats (d_in, d_out)")
    if w.dtype not in FLOATS:
        raise TypeError(
            f"{owner}: w is {w.dtype}, but must be float32 or float64: "
            "convert it with .astype(np.float32)"
        )
    if not np.isfinite(w).all():
        raise ValueError(f"{owner}: some weights are not finite: did the training diverge?")
    largest = np.abs(w).max()
    if largest > np.finfo(w.dtype).max / (2 * w.size):
        raise ValueError(
            f"{owner}: a weight has the magnitude {largest:.4g}, and sums of such numbers may be "
            f"beyond {w.dtype}: did the training diverge? If not, divide w by a number first"
        )


def quantized_by(owner, quantizer, w, *, name="quantizer"):
    """quantizer(w), checked: a Quantized with a code for each entry of w.

    Arguments  owner, name: what messages call the function that asks, and its argument
    Errors     TypeError if quantizer is no function, or gives something else; ValueError if its
               codes have another shape than w
    """
    must_be_callable(owner, **{name: quantizer})
    found = quantizer(w)
    if not isinstance(found, Quantized):
        raise TypeError(
            f"{owner}: {name} gave a {type(found).__name__}, but must give a Quantized, as "
            "tinyffn.bits.schemes.binary does"
        )
    if found.codes.shape != w.shape:
        raise ValueError(
            f"{owner}: {name} gave codes {found.codes.shape} for w {w.shape}: there must be one "
            "for each weight"
        )
    return found


def group_sums(numbers, group, per, *, combine=np.add):
    """Sums over the rows of each group, and over all columns if per is "tensor".

    numbers (d_in, d_out) -> (n_groups, d_out), or (1, 1). With np.maximum or np.minimum as
    `combine`, the largest or smallest number instead of the sum.
    """
    sums = combine.reduceat(numbers, range(0, len(numbers), group), axis=0)
    return combine.reduce(sums, axis=1, keepdims=True) if per == "tensor" else sums


def group_means(numbers, group, per):
    """Means where group_sums has sums."""
    return group_sums(numbers, group, per) / group_sizes(numbers.shape, group, per).astype(
        numbers.dtype
    )


def group_sizes(shape, group, per):
    """How many entries of a weight of this shape share a scale: (n_groups, 1)."""
    d_in, d_out = shape
    starts = np.arange(0, d_in, group)
    rows = np.minimum(starts + group, d_in) - starts
    return rows[:, np.newaxis] * (d_out if per == "tensor" else 1)


def of_each_row(numbers, group, d_in):
    """The number of each row's group, (n_groups, n) -> (d_in, n)."""
    return np.repeat(numbers, group, axis=0)[:d_in]


def ratio_or_zero(a, b):
    """a / b, and 0 where b is 0: a group of zeros has no scale, and its codes are 0."""
    a, b = np.broadcast_arrays(a, b)
    return np.divide(a, b, out=np.zeros_like(a), where=b != 0)
