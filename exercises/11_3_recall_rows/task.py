"""Exercise 11.3: pairs and questions into what a language model reads, and what is counted.

Edit `recall_rows` and save. Then check("11.3") in the notebook of lesson 11 says what is right so
far, and so does `tinyffn check 11.3` in a terminal. `python task.py` runs the example in the
docstring.
"""

import numpy as np


def recall_rows(
    keys: np.ndarray, values: np.ndarray, order: np.ndarray, n_keys: int, n_values: int
):
    """The ids that a model reads, the ids that come next, and where the next id is an answer.

    Each row tells its pairs and then asks questions, each followed by its answer, as one text:

        key value  key value  ...  mark  key value  key value  ...
        the pairs, as they come          the pairs with the numbers order_0, order_1, ...

    A key is its own id, 0 to n_keys - 1. A value, 0 to n_values - 1, has the id n_keys + value. The
    mark has the id after the last value. The model reads all of the text but its last id, and at
    each place the target is the id that comes next. An answer is a value after the mark: it stands
    in the text already, so a model can look it up.

    Shapes    keys (B, n_pairs), values (B, n_pairs), order (B, n_questions), numbers of pairs from
              0 to n_pairs - 1, each row with its own, some perhaps twice and others never
    Returns   ids, targets, is_answer, each (B, 2 n_pairs + 2 n_questions); is_answer is boolean:
              True where the target is an answer

    The arrays that are handed in hold integers, and so do ids and targets. Nothing that was handed
    in is written to.

    >>> ids, targets, is_answer = recall_rows(
    ...     np.array([[2, 0]]), np.array([[1, 2]]), np.array([[1, 0]]), n_keys=4, n_values=3
    ... )
    >>> print(ids)
    [[2 5 0 6 7 0 6 2]]
    >>> print(targets)
    [[5 0 6 7 0 6 2 5]]
    >>> print(is_answer.astype(int))
    [[0 0 0 0 0 1 0 1]]
    """
    raise NotImplementedError("replace this line")


if __name__ == "__main__":
    from tinyffn.lab import run_example

    run_example(recall_rows)
