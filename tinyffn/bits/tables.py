"""Products by looking them up: all sums of a few inputs are made once, and signs say which."""

from typing import NamedTuple

import numpy as np

from tinyffn.arguments import must_be_positive
from tinyffn.bits.products import as_rows, scaled_sums


def table_product(x, packed, *, index_bits=8, scaled=True):
    """Numbers x times a weight in signs, by tables of the sums of 4 or 8 of them.

        table_t[c] = Σ_b ±x_{8t+b}, + where bit b of c is 1        (or 4 t + b)

        y_j = Σ_g scale_gj Σ_t table_t[c_tj],    c_tj: bits 8 t, ..., 8 t + 7 of column j

    The tables of a row of x serve all columns. So each look-up stands for 8 multiplications and
    additions; `table_work` counts.

    Shapes     x (..., d_in), int8 or floats -> (..., d_out), float32 for int8, else of x's dtype
    Arguments  packed: SignWords; index_bits: 8 or 4; scaled: False for the sums of each group
               (..., n_groups, d_out): int32 for int8, which are exact, else of x's dtype
    Errors     TypeError if x is something else; ValueError if it does not fit, or index_bits is
               neither
    Source     Wei et al. 2024 (T-MAC, arXiv:2407.00088), with tables that stay in registers
    """
    _must_be_4_or_8("table_product", index_bits)
    kinds = [np.int8, np.float32, np.float64]
    rows = as_rows("table_product", x, packed, kinds, "int8, float32 or float64")
    is_whole = rows.dtype == np.int8
    rows = rows.astype(np.int32) if is_whole else rows

    tables = [sum_tables(rows[:, packed.rows_of(g)], index_bits) for g in range(packed.n_groups)]

    def sums_of(r, groups, columns):
        words = packed.words[groups, :, columns]
        sums = np.zeros((len(words), words.shape[2]), rows.dtype)
        for i, of_group in enumerate(tables[groups]):
            for table, entries in zip(of_group[r], indices(words[i], index_bits), strict=False):
                sums[i] += table.take(entries)  # no table is left for words beyond the group
        return sums

    dtype = np.dtype(np.float32) if is_whole and scaled else rows.dtype
    return scaled_sums(sums_of, packed, np.shape(x)[:-1], dtype, scaled=scaled)


def sum_tables(x, index_bits):
    """For each `index_bits` numbers of a row, their sums with all signs; zeros fill the last.

    Entry c of a table adds a number where c has the bit 1, and subtracts it where it has 0.

    Shapes     x (n, d) -> (n, ceil(d / index_bits), 2^index_bits)
    """
    n, d = x.shape
    n_tables = -(-d // index_bits)
    room = np.zeros((n, n_tables * index_bits), x.dtype)
    room[:, :d] = x
    tables = np.zeros((n, n_tables, 1), x.dtype)
    for b in range(index_bits):  # each number doubles the table
        number = room[:, b::index_bits, np.newaxis]
        tables = np.concatenate([tables - number, tables + number], axis=-1)
    return tables


def indices(words, index_bits):
    """Which entry of each table the columns of words ask for, table by table.

    Shapes     words uint64 (n_words, columns) -> 64 / index_bits n_words times uint8 (columns)
    """
    octets = words.astype("<u8", copy=False).view(np.uint8).reshape(*words.shape, 8)
    for of_word in octets:
        for octet in of_word.T:
            yield from (octet,) if index_bits == 8 else (octet & 15, octet >> 4)


class TableWork(NamedTuple):
    """What a product of one row of x with a weight (d_in, d_out) in signs takes by tables.

    Attributes look_ups: each comes with one addition; table_additions: to fill the tables;
               table_entries: numbers they hold; multiply_adds: what the plain product takes
    """

    look_ups: int
    table_additions: int
    table_entries: int
    multiply_adds: int


def table_work(d_in, d_out, *, index_bits=8):
    """Count the work of `table_product` for one row of x.

        look_ups = d_out ceil(d_in / index_bits)      table_entries = 2^index_bits a table

    A table that doubles with each number takes 2 + 4 + ... + 2^index_bits additions.

    Returns    a TableWork
    Errors     ValueError if a size is no whole number above 0, or index_bits is neither 4 nor 8
    """
    must_be_positive("table_work", d_in=d_in, d_out=d_out)
    _must_be_4_or_8("table_work", index_bits)
    n_tables = -(-d_in // index_bits)
    return TableWork(
        look_ups=d_out * n_tables,
        table_additions=n_tables * (2 ** (index_bits + 1) - 2),
        table_entries=n_tables * 2**index_bits,
        multiply_adds=d_in * d_out,
    )


def _must_be_4_or_8(owner, index_bits):
    if index_bits not in (4, 8):
        raise ValueError(f"{owner}: index_bits is {index_bits!r}, but must be 4 or 8")
