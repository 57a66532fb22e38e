"""Exercise 7.1: a step of AdamW whose running means need no correction.

Edit `adamw_step` and save. Then check("7.1") in the notebook of lesson 07 says what is right so
far, and so does `tinyffn check 7.1` in a terminal. `python task.py` runs the example in the
docstring.
"""

import numpy as np


def adamw_step(
    p: np.ndarray,
    dp: np.ndarray,
    means: np.ndarray,
    t: int,
    rate: float,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
    weight_decay: float = 0.0,
):
    """Step number t of AdamW, with running means that are right from the first step on.

    The lesson keeps m and v, which begin at 0 and are therefore too small for a while, and divides
    them by 1 - beta1^t and 1 - beta2^t each time they are used. Here the divided ones are kept
    in place of m and v, and nothing else is: means[0] is m / (1 - beta1^t), means[1] is
    v / (1 - beta2^t). How do they move on, from one step to the next? That is for you to derive.
    The parameter itself must then take the same steps as in the lesson.

    Shapes    p and dp of one shape (...), means (2, ...) -> new p (...), new means (2, ...)
    Arguments t counts from 1. At t = 1 the means that are handed in are those of no gradient at
              all: whatever they hold, it must not count. rate and betas may be Python's floats
              or NumPy's, which make arrays of 32 bits into arrays of 64

    Return the new p and the new means. Floats of 32 bits in give floats of 32 bits out, and
    nothing that was handed in is written to.

    >>> p, means = np.array([1.0, 1.0]), np.zeros((2, 2))
    >>> p, means = adamw_step(p, np.array([4.0, -0.5]), means, 1, 0.1, betas=(0.5, 0.5))
    >>> print(p.round(6))
    [0.9 1.1]
    >>> print(means)
    [[ 4.   -0.5 ]
     [16.    0.25]]
    >>> p, means = adamw_step(p, np.array([1.0, 1.0]), means, 2, 0.1, betas=(0.5, 0.5))
    >>> print(means)
    [[2.   0.5 ]
     [6.   0.75]]
    """
    raise NotImplementedError("replace this line")


if __name__ == "__main__":
    from tinyffn.lab import run_example

    run_example(adamw_step)
