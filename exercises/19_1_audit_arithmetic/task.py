"""Exercise 19.1: what the figures of a page say about each other.

Edit the four functions and save. Then check("19.1") in the notebook of lesson 19 says what is right
so far, and so does `tinyffn check 19.1` in a terminal. `python task.py` runs the examples in the
docstrings.

All but the first take arrays with an entry for each of n pages, and give such arrays. NumPy is all
that may be imported, not even re.
"""

import numpy as np


def is_valid_arxiv_id(ids: list[str], printed: np.ndarray):
    """Which of these numbers could a text have printed that is of the month `printed`?

    Numbers of arXiv, as it has given them since April 2007: two digits for the year, two for the
    month, a point, and the paper's place in its month, counted from 1. That has four digits
    until December 2014 and five since January 2015, with zeros in front. A version may follow: v1,
    v2 and so on. `printed` holds a whole number for each id: 2412 is December 2024. A text cannot
    print a number of a later month than its own. No text here is of 2100 or later.

    Shapes    ids: n texts, printed (n) -> booleans (n)

    >>> is_valid_arxiv_id(["1706.03762v5", "2024.02345"], np.array([2412, 2412])).tolist()
    [True, False]
    """
    raise NotImplementedError("replace this line")


def parameters(
    flops: np.ndarray,
    tokens: np.ndarray,
    n_layers: np.ndarray,
    d_model: np.ndarray,
    context: np.ndarray,
):
    """How many parameters a language model must have, by what a page says of its training.

    It was trained on `tokens` tokens, in texts of `context` tokens each, by `flops` FLOPs in all.
    Forward, a token meets each parameter once, at two FLOPs. In each layer, attention also scores
    all `context` tokens of the text for it, d_model products each, and mixes as many values,
    d_model products each; a product that is added up is two FLOPs. The way back takes twice as many
    FLOPs as the way forward. Nothing else counts.

    >>> parameters(*(np.array([x]) for x in (6720.0, 10.0, 1, 2, 3))).tolist()
    [100.0]
    """
    raise NotImplementedError("replace this line")


def share_and_energy(
    flops: np.ndarray,
    tokens: np.ndarray,
    hours: np.ndarray,
    n_machines: np.ndarray,
    watts: np.ndarray,
    peak_tflops: np.ndarray,
):
    """How well a page's machines were used in training, and what a token cost.

    They trained for `hours` hours. Each took `watts` all the time, and could have made peak_tflops
    TFLOP/s at best: 10¹² FLOPs in a second.

    Returns    the share of the peak that was reached, all machines together (above 1 the page
               contradicts itself), and the energy of a token in joules (a watt is a joule a second)

    >>> share, joules = share_and_energy(*(np.array([x]) for x in (3.6e18, 1e6, 1.0, 10, 400, 200)))
    >>> share.tolist(), joules.tolist()
    ([0.5], [14.4])
    """
    raise NotImplementedError("replace this line")


def serial_share(times_as_fast: np.ndarray, few: np.ndarray, many: np.ndarray):
    """The share of the work that one machine does alone, by how much faster many are than few.

    Of the time that the work takes on one machine, a share s cannot be divided; the rest is divided
    evenly among n machines, whatever n is. On `many` machines the work is done `times_as_fast`
    times as fast as on `few`, with 1 <= few < many.

    >>> round(float(serial_share(np.array([4.0]), np.array([2]), np.array([14]))[0]), 4)
    0.0667
    """
    raise NotImplementedError("replace this line")


if __name__ == "__main__":
    from tinyffn.lab import run_example

    run_example(is_valid_arxiv_id)
    run_example(parameters)
    run_example(share_and_energy)
    run_example(serial_share)
