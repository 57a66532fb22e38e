"""Exercise 12.3: do values say what follows their triggers, and how often would they by chance?

Edit `agreement_rate` and `chance_agreement` and save. Then check("12.3") in the notebook of lesson
12 says what is right so far, and so does `tinyffn check 12.3` in a terminal. `python task.py` runs
the examples in the docstrings.
"""

import numpy as np


def agreement_rate(
    top_tokens: np.ndarray, next_tokens: np.ndarray, permutation: np.ndarray
) -> float:
    """The share of values that say the token which follows the best trigger of their key.

    A value says k tokens, those that it raises most. Values have been dealt to the keys anew: value
    j stands at key permutation[j]. With permutation[j] = j each stands where it stood.

    Shapes    top_tokens (n, k), ids: what value j says, in row j, each id once; next_tokens (n),
              ids: what follows the best trigger of key i; permutation (n): each of 0 to n - 1 once
    Returns   a number from 0 to 1

    >>> top_tokens, next_tokens = np.array([[5, 7], [6, 5], [9, 5]]), np.array([5, 9, 6])
    >>> agreement_rate(top_tokens, next_tokens, np.array([1, 2, 0]))
    0.6666666666666666
    """
    raise NotImplementedError("replace this line")


def chance_agreement(top_tokens: np.ndarray, next_tokens: np.ndarray) -> tuple[float, float]:
    """The mean of `agreement_rate` over all n! permutations, and the standard deviation. Exactly.

    All permutations are as likely, that which leaves each value where it stood among them. The
    standard deviation is the root of the mean square of rate - mean. Both follow from counting: no
    permutation has to be made, and n may be some hundreds.

    Shapes    as for agreement_rate; n is at least 2
    Returns   mean, standard deviation: two numbers

    >>> mean, deviation = chance_agreement(np.array([[5], [5], [6]]), np.array([5, 6, 9]))
    >>> print(round(mean, 4), round(deviation, 4))
    0.3333 0.2722
    """
    raise NotImplementedError("replace this line")


if __name__ == "__main__":
    from tinyffn.lab import run_example

    run_example(agreement_rate)
    run_example(chance_agreement)
