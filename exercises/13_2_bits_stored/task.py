"""Exercise 13.2: the bits that a model has stored, if some labels are more likely than others.

Edit `bits_stored` and save. Then check("13.2") in the notebook of lesson 13 says what is right so
far, and so does `tinyffn check 13.2` in a terminal. `python task.py` runs the example in the
docstring.
"""

import numpy as np


def bits_stored(scores: np.ndarray, labels: np.ndarray, prior: np.ndarray, most: float):
    """How many bits about the labels are in a model's scores, and the scale that shows them.

    Without the model one knows only how likely each label is: prior (C), above 0, with the sum 1.
    To write down a label then costs -log2 prior_label bits. The model knows more. Its scores are
    turned into probabilities on top of what was known before:

        p_ic = prior_c exp(scale s_ic) / Σ_k prior_k exp(scale s_ik)

    and with it, label i costs -log2 p_i,label bits. The bits that are stored are what it saves, the
    cost of all labels without the model less their cost with it, in sum and not on the average.

    One scale serves all facts. It is the one from 0 to `most` with which the labels cost least; at
    0 the scores are not listened to. Find it to 7 digits. A grid of scales, as in the lesson, ends
    after three or four: find the slope of the cost by the scale, and then where that is 0.

    Shapes    scores (n, C), labels (n) whole numbers from 0 to C - 1, prior (C), most: a number > 0
    Returns   bits, scale: two numbers

    Scores may be as large as 10,000. Nothing that was handed in is written to.

    >>> scores = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 1.0]])
    >>> prior = np.array([0.5, 0.5])
    >>> bits, scale = bits_stored(scores, np.array([0, 0, 1, 1]), prior, most=50.0)
    >>> print(round(float(bits), 3), round(float(scale), 3))  # all right: four labels of 1 bit
    4.0 50.0
    >>> bits, scale = bits_stored(scores, np.array([0, 0, 1, 0]), prior, most=50.0)
    >>> print(round(float(bits), 3), round(float(scale), 3))  # one is wrong: e^scale = 3
    0.755 1.099
    """
    raise NotImplementedError("replace this line")


if __name__ == "__main__":
    from tinyffn.lab import run_example

    run_example(bits_stored)
