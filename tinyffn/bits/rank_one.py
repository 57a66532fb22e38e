"""Signs with a magnitude for each input and one for each output, in place of one for a group."""

from typing import NamedTuple

import numpy as np

from tinyffn.arguments import is_whole, must_be_at_least, must_be_positive
from tinyffn.bits.quantized import must_be_weight
from tinyffn.bits.schemes import signs
from tinyffn.bits.second_moment import as_second_moment


class RankOne(NamedTuple):
    """A weight w_ij ≈ row_i code_ij column_j. In x w the numbers x_i are scaled, then the outputs.

    Attributes codes: int8 (d_in, d_out), -1 or +1; row: floats (d_in,); column: floats (d_out,)
    """

    codes: np.ndarray
    row: np.ndarray
    column: np.ndarray

    def values(self):
        """The weight that is meant: floats (d_in, d_out), of the dtype of row."""
        return self.row[:, np.newaxis] * self.codes * self.column

    @property
    def n_scales(self):
        """How many numbers there are beside the codes: d_in + d_out."""
        return self.row.size + self.column.size

    def bits_per_weight(self, *, bits_per_scale=16):
        """Bits for each entry of w, one for its code and a share of those of row and column."""
        return 1 + bits_per_scale * self.n_scales / self.codes.size


def rank_one(w, *, rounds=30):
    """Signs, and the row and column whose product comes nearest to the magnitudes.

        w_ij ≈ row_i sign(w_ij) column_j,   Σ_ij (|w_ij| - row_i column_j)² as small as can be

    That is the best matrix of rank one for |w|. Power iteration finds it: row ← |w| column, then
    column ← |w|ᵀ row, again and again. As |w| has no number below zero, neither have they.

    Arguments  rounds: how often both are made anew
    Returns    a RankOne
    Errors     those of `binary` for w; ValueError if rounds is no whole number above 0
    Source     Xu et al. 2024 (arXiv:2402.11295), who call it SVID and train on from there
    """
    must_be_positive("rank_one", rounds=rounds)
    w = np.asarray(w)
    must_be_weight("rank_one", w)
    largest = np.abs(w).max() or 1.0
    size = np.abs(w) / largest  # no product is too large or too small for float32
    row, column = size.mean(axis=1), size.mean(axis=0)
    for _ in range(rounds):
        row = size @ column / max(column @ column, np.finfo(w.dtype).tiny)
        column = row @ size / max(row @ row, np.finfo(w.dtype).tiny)
    return RankOne(signs(w), row, column * largest)


def fitted(found, w, second_moment, *, rounds=3, damping=0.01):
    """The same codes with a row and a column that fit the output x w, by least squares in turn.

    For a given row, each output j has its own best number, with q_j = row * codes_j:

        column_j = (q_jᵀ H w_j) / (q_jᵀ H q_j)

    For a given column, all numbers of row follow from one set of linear equations:

        Σ_k H_ik (Σ_j column_j² code_ij code_kj) row_k = Σ_j column_j code_ij (H w)_ij

    Each step can only lower E|x w - x values|². A number may come out below zero.

    Arguments  found: a RankOne; second_moment: H = E[x xᵀ] (d_in, d_in); rounds: how often both are
               made anew; 0 fits the column alone
               damping: what is added to the diagonal of H, as a share of its mean
    Errors     those of `binary` for w; ValueError if w does not fit found, second_moment is not a
               second moment of d_in inputs, rounds is not a whole number of at least 0, or damping
               is not a number of at least 0
    """
    must_be_at_least("fitted", 0, damping=damping)
    if not is_whole(rounds) or rounds < 0:
        raise ValueError(f"fitted: rounds is {rounds!r}, but must be a whole number, 0 or above")
    w = np.asarray(w)
    must_be_weight("fitted", w)
    if w.shape != found.codes.shape:
        raise ValueError(f"fitted: w {w.shape} does not fit codes {found.codes.shape}")
    h = as_second_moment("fitted", second_moment, len(w))
    h = h + damping * h.diagonal().mean() * np.eye(len(h))
    hw, codes = h @ w, found.codes.astype(np.float64)
    row = found.row.astype(np.float64)
    column = _best_column(h, hw, row, codes)
    for _ in range(rounds):
        system = h * ((codes * column**2) @ codes.T)
        row = np.linalg.lstsq(system, (codes * hw) @ column, rcond=None)[0]
        column = _best_column(h, hw, row, codes)
    return found._replace(row=row.astype(w.dtype), column=column.astype(w.dtype))


def _best_column(h, hw, row, codes):
    q = row[:, np.newaxis] * codes
    return (q * hw).sum(axis=0) / np.maximum((q * (h @ q)).sum(axis=0), np.finfo(float).tiny)
