"""Exercise 18.2: the length of a model's file, and what it gives away.

Edit `file_bytes` and `how_many_words` and save. Then check("18.2") in the notebook of lesson 18
says what is right so far, and so does `tinyffn check 18.2` in a terminal. `python task.py` runs
the examples in the docstrings.
"""

import numpy as np


def file_bytes(tensors: np.ndarray, head: int):
    """How many bytes a file has that holds these tensors.

    A tensor is a row of four whole numbers: rows, width, levels, group.

        levels = 0   `width` numbers in each row, as float32; group means nothing then
        otherwise    a row is cut into blocks of `group` codes, each of which has so many levels.
                     A block is the packed codes, as many to a byte as can be told apart
                     (levels^k <= 256), from a new byte on, and a float16 scale. The last block of
                     a row has its full length, even where it is not full

    The file begins with `head` bytes that say what is in it. The data of each tensor begin at a
    multiple of 32 bytes, and what is left free before is filled with zeros; and so is the end of
    the file: its length is a multiple of 32 too.

    Shapes    tensors: whole numbers (n, 4) -> an int

    >>> file_bytes(np.array([[3, 5, 0, 1]]), head=40)      # 64, and 60 bytes of float32: 64
    128
    >>> file_bytes(np.array([[10, 130, 2, 128]]), head=0)  # 2 blocks of 16 + 2 bytes a row: 360
    384
    """
    raise NotImplementedError("replace this line")


def how_many_words(lengths: tuple, tensors: tuple, widths: tuple, n_tables: tuple):
    """The number of words in the list of two models, from the lengths of their files.

    Both files have a head of the same unknown length: the list of words stands in it. Model i has
    the tensors in tensors[i], and besides n_tables[i] tables. A table has one row for each word and
    is widths[i] wide; it is stored in signs (2 levels, groups of 128). Each word adds more bytes to
    the first file than to the second, by 36 bytes or more if nothing is rounded up to 32. There are
    1 to 1,000,000 words, and only one number fits; to try them all would take too long.

    Arguments  lengths: of both files; tensors: for each model whole numbers (n, 4), as above;
               widths, n_tables: of each model's tables. Model 0 comes first everywhere
    Returns    an int

    >>> others = np.array([[4, 10, 0, 1]]), np.array([[3, 10, 0, 1]])
    >>> how_many_words((7872, 2464), others, widths=(1024, 256), n_tables=(1, 1))
    50
    """
    raise NotImplementedError("replace this line")


if __name__ == "__main__":
    from tinyffn.lab import run_example

    run_example(file_bytes)
    run_example(how_many_words)
