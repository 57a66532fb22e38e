"""The answer to exercise 18.2, and how to get there.

All rounding is upwards, and it happens at four places: codes to bytes in each block, numbers to
blocks in each row, data to 32 bytes for each tensor, and the head. None can be done later, on sums.

The heads are as long, so their bytes, rounded up, are gone from the difference of the lengths. What
is left is a function of the number of words alone. Without the rounding to 32 it would grow by the
same number of bytes with each word, and a division would turn it round. Rounding adds less than 32
bytes for each table, so that the answer is near the quotient, and the few numbers there are tried.
"""

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
    def difference(words):
        tables = [[[words, width, 2, 128]] * n for width, n in zip(widths, n_tables, strict=True)]
        data = [file_bytes([*table, *np.asarray(t).tolist()], 0)
                for table, t in zip(tables, tensors, strict=True)]  # fmt: skip
        return data[0] - data[1]

    seen = lengths[0] - lengths[1]
    per_file = [n * rounded_up(w, 128) // 128 * 18 for w, n in zip(widths, n_tables, strict=True)]
    per_word = per_file[0] - per_file[1]
    near = (seen - difference(0)) // per_word
    off = ALIGNMENT * sum(n_tables) // per_word + 1
    numbers = range(max(1, near - off), near + off + 1)
    return min(numbers, key=lambda words: abs(difference(words) - seen))
