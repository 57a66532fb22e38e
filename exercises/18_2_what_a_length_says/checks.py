"""Checks of exercise 18.2. Each asks for several files, so that no single number can be hit."""

import numpy as np

from tinyffn.lab.checks import check

EXACT = 1e-9  # of whole numbers


def sizes(task, head, **cases):
    """The length of a file with each of these lists of tensors.

    5.0 is taken for 5: who divides by / and does not round up shall hear that, and no dtype.
    """
    return {n: np.asarray(task.file_bytes(np.array(c), head), float) for n, c in cases.items()}


def whole(rng, low, high):
    return int(rng.integers(low, high))


@check("float32, and where data begin", points=2, tolerance=EXACT)
def plain(task, rng):
    head = 32 * whole(rng, 5, 20) + whole(rng, 1, 31)
    one = [whole(rng, 3, 8), 8 * whole(rng, 5, 9) + 3, 0, 1]  # its end is no multiple of 32
    other = [1, 8 * whole(rng, 3, 9), 0, 1]
    return sizes(task, head, one=[one], two=[one, other, one])


@check("signs and ternary codes in full blocks", points=3, after=plain.name, tolerance=EXACT)
def full(task, rng):
    rows = 8 * whole(rng, 3, 9) + 1
    n = whole(rng, 2, 6)
    return sizes(
        task, 64,
        signs=[[rows, 128 * n, 2, 128]],
        ternary=[[rows, 160 * n, 3, 160]],
        four_levels=[[rows, 64 * n, 4, 64]],
    )  # fmt: skip


@check("blocks whose codes do not fill their bytes", points=2, after=full.name, tolerance=EXACT)
def odd_groups(task, rng):
    rows = 8 * whole(rng, 5, 12) + 3
    return sizes(
        task, 64,
        ternary=[[rows, 64 * 5, 3, 64]],
        five_levels=[[rows, 64 * 5, 5, 64]],
        seven_levels=[[rows, 41 * 3, 7, 41]],
    )  # fmt: skip


@check("rows that end inside a block", points=2, after=full.name, tolerance=EXACT)
def odd_rows(task, rng):
    """So many rows that whole blocks would come out, if they ran on from row to row."""
    rows, extra = 128 * whole(rng, 2, 6), whole(rng, 3, 40)
    return sizes(
        task, 64,
        signs=[[rows, 2 * 128 + extra, 2, 128]],
        four_levels=[[rows, 3 * 64 + extra, 4, 64]],
    )  # fmt: skip


@check("a whole model", points=1, after=(odd_groups.name, odd_rows.name), tolerance=EXACT)
def model(task, rng):
    d, d_ff = 64 * whole(rng, 3, 6), 64 * whole(rng, 7, 12)
    block = [[1, d, 0, 1], [d_ff, d, 2, 128], [d, d_ff, 3, 64], [1, d + 3, 0, 1]]
    return sizes(task, whole(rng, 5000, 6000), model=[[whole(rng, 300, 400), d, 0, 1], *block * 3])


SHORT, LONG = (20_000, 200_000), (900_000, 1_000_001)  # lists: those that there are, and the limit


def two_models(task, rng, n_tables, of_words, widths=None):
    """How many words a list has that two models share."""
    words, head = whole(rng, *of_words), whole(rng, 5000, 9000)
    lengths, tensors = [], []
    widths = widths or (2048 + 128 * whole(rng, 1, 9), 128 * whole(rng, 3, 7))
    for width, n in zip(widths, n_tables, strict=True):
        others = [[1, width, 0, 1], [3 * width, width, 2, 128]] * whole(rng, 2, 5)
        tensors.append(np.array(others))
        lengths.append(length(others + [[words, width, 2, 128]] * n, head))
    found = task.how_many_words(tuple(lengths), tuple(tensors), widths, n_tables)
    return np.asarray(found, float)


def length(tensors, head):
    """The length of a file of float32 (1, a multiple of 8) and signs in full blocks."""
    total = -(-head // 32) * 32
    for rows, width, levels, _ in tensors:
        total += -(-rows * (width // 128 * 18 if levels else 4 * width) // 32) * 32
    return total


@check("how many words", points=2, after=model.name, tolerance=EXACT)
def words(task, rng):
    return {
        "short list": two_models(task, rng, (1, 1), SHORT),
        "long list": two_models(task, rng, (1, 1), LONG),
    }


@check("how many words, with two tables in one model", points=2, after=words.name, tolerance=EXACT)
def two_tables(task, rng):
    return {
        "first": two_models(task, rng, (2, 1), SHORT),
        "second": two_models(task, rng, (1, 2), SHORT),
    }


@check("how many words, where rounding matters", points=1, after=(plain.name, words.name),
       tolerance=EXACT)  # fmt: skip
def narrow(task, rng):
    """A word makes a difference of 36 bytes. What the two tables are filled up with differs by more
    than half of that, if the number of words is 1 to 3 above a multiple of 16, or as much below."""
    cases = {}
    for name, beyond in (("above", (1, 2, 3)), ("below", (-3, -2, -1))):
        n = 16 * whole(rng, 2000, 10_000) + int(rng.choice(beyond))
        cases[name] = two_models(task, rng, (1, 1), (n, n + 1), widths=(1152, 896))
    return cases
