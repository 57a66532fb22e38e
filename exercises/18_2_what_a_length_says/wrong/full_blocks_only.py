"""Blocks that are not full are left out: round up, a row's last codes need one too."""

import numpy as np

ALIGNMENT = 32


def rounded_up(n, unit):
    return -(-n // unit) * unit


def file_bytes(tensors, head):
    total = rounded_up(head, ALIGNMENT)
    for rows, width, levels, group in np.asarray(tensors).tolist():
        row_bytes = 4 * width
        if levels:
            per_byte = max(k for k in range(1, 9) if levels**k <= 256)
            block_bytes = rounded_up(group, per_byte) // per_byte + 2
            row_bytes = width // group * block_bytes
        total += rounded_up(rows * row_bytes, ALIGNMENT)
    return total


def how_many_words(lengths, tensors, widths, n_tables):
    def difference(words):
        tables = [[[words, width, 2, 128]] * n for width, n in zip(widths, n_tables, strict=True)]
        data = [file_bytes([*table, *np.asarray(t).tolist()], 0)
                for table, t in zip(tables, tensors, strict=True)]  # fmt: skip
        return data[0] - data[1]

    seen = lengths[0] - lengths[1]
    fewest, most = 1, 1_000_000
    while fewest < most:
        middle = (fewest + most) // 2
        if difference(middle) < seen:
            fewest = middle + 1
        else:
            most = middle
    return fewest
