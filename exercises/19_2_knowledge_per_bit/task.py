"""Exercise 19.2: what a layer stores of its facts, and the memory that this takes, both in bits.

Edit `knowledge_per_bit` and save. Then check("19.2") in the notebook of lesson 19 says what is
right so far, and so does `tinyffn check 19.2` in a terminal. `python task.py` runs the example in
the docstring. NumPy is all that may be imported, not even math.
"""

import numpy as np


def knowledge_per_bit(right: np.ndarray, choices: np.ndarray, matrices: list, group: int):
    """Bits of facts, bits of memory, and their quotient, if all that is known are right and wrong.

    The lesson counts bits from scores. Here a layer has given one answer to each of n facts, and
    all we know is which are right. Fact i has choices_i labels, each as likely (2 or more).

    Facts. Someone has the layer, and the keys, but not the labels. Send them a message from which
    they can tell every label. It says

        how many answers are wrong, k: any number from 0 to n, each taken as likely
        which they are: any set of k facts, each taken as likely
        for each of these, which label is right: any but the one that the layer gave

    One of M messages that are equally likely takes log2(M) bits, also where that is no whole
    number. What the layer saves, next to a message that lists all labels, is what it has stored.
    Where it saves nothing one sends the list: 0 bits are stored then, and never fewer.

    Memory. A matrix (d_in, d_out) is stored column by column, a column in groups of `group` rows
    (its last group may have fewer). A group is a scale of 2 bytes, and then its codes, whole
    numbers from 0 to levels - 1. Each byte holds as many codes as it can: with their levels, the
    byte's 256 values must be enough for all ways in which they may be chosen. Bytes are not shared
    by two groups.

    Arguments  right (n) True or False; choices (n) whole numbers; matrices: a list of
               (d_in, d_out, levels), levels from 2 to 256; group: a whole number above 0
    Returns    facts, memory, facts / memory: three numbers, the first two in bits

    n may be some thousands: numbers such as 3000! are too large for a float.

    >>> right, choices = np.array([True] * 15 + [False]), np.full(16, 4)
    >>> facts, memory, quotient = knowledge_per_bit(right, choices, [(8, 3, 2)], group=8)
    >>> print(round(float(facts), 3), memory)  # 32 - log2(17) - log2(16) - log2(3); 3 (2 + 1) bytes
    22.328 72
    """
    raise NotImplementedError("replace this line")


if __name__ == "__main__":
    from tinyffn.lab import run_example

    run_example(knowledge_per_bit)
