"""The quotient is only rounded: tables are rounded up to 32 bytes. Try the numbers near it too."""

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
            row_bytes = rounded_up(width, group) // group * block_bytes
        total += rounded_up(rows * row_bytes, ALIGNMENT)
    return total


def how_many_words(lengths, tensors, widths, n_tables):
    per_file = [n * rounded_up(w, 128) // 128 * 18 for w, n in zip(widths, n_tables, strict=True)]
    others = [file_bytes(t, 0) for t in tensors]
    seen = lengths[0] - lengths[1] - others[0] + others[1]
    return round(seen / (per_file[0] - per_file[1]))
