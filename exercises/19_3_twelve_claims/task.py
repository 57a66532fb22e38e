"""Exercise 19.3: twelve claims, and what becomes of them.

Edit `judge` and save. Then check("19.3") in the notebook of lesson 19 says what is right so far,
and so does `tinyffn check 19.3` in a terminal. `python task.py` runs the example in the docstring.
"""

import numpy as np

# What a claim is judged by. Choose the first that fits.
UNVERIFIABLE = 1  # nothing: it does not say enough, or shows nothing, so that one could look
DERIVED = 2  # arithmetic or a proof
MEASURED = 3  # an experiment of the lesson that is named
CITED = 4  # a published work that is named

# How it holds.
SUPPORTED = 1  # as it stands
MIXED = 2  # under a condition that it does not name, or half of it
CONTRADICTED = 3  # not at all
UNFALSIFIABLE = 4  # nothing that one could see would show it wrong

# What it leaves out: what would change the verdict most, if it were added. (The ledger also names
# what else is missing, of claims that would stay contradicted; here these leave out NOTHING.)
NOTHING = 1  # the verdict would stay
BASELINE = 2  # it is compared with something that was not treated alike
CONDITION = 3  # when it holds, and when not
DEFINITION = 4  # what a word in it means
MODEL = 5  # the thing itself: code, weights, or how to build it
SOURCE = 6  # who found it, and where that is written


def judge(claims: np.ndarray):
    """For each of the claims that are asked for: what it is judged by, how it holds, what it lacks.

    1   "Eight billion weights in signs, with a scale of 16 bits for each 128, take 1.0 GB."
    2   "A window MLP predicts text better if it sees 16 characters in place of 4." (lesson 06)
    3   "A paper of 2023 has found that post-norm models generalize better."
    4   "Two hidden ReLUs can represent XOR, and yet gradient descent misses it in most runs."
        (lesson 03)
    5   "The two larger LLaMA models were trained at a lower peak rate than the two smaller ones."
        (Touvron et al. 2023)
    6   "We put SwiGLU in place of GELU, left d_ff as it was, and more facts were stored: the gate
        stores them." (lesson 05)
    7   "Turn queries and keys by angles that grow evenly with their places, and a score depends on
        the two places through their distance alone."
    8   "Our model, which we do not release, solves 97 percent of GSM8K: all 1319 problems, five
        examples in the prompt, one answer each and no vote."
    9   "Language models store two bits of knowledge in each parameter." (Allen-Zhu and Li 2024)
    10  "Our model really understands what it reads."
    11  "A fact can be rewritten only in the layer where causal tracing finds it strongest." (lesson
        14)
    12  "A paper has shown why gated layers are better: they are more expressive." (Shazeer 2020)

    No lesson says what claim 5 needs. By table 2 of that paper the peak rates were 0.0003, 0.0003,
    0.00015 and 0.00015, for models of 7, 13, 33 and 65 billion weights.

    Shapes    claims (n), whole numbers from 1 to 12 -> (n, 3), each row of one kind, one grade and
              one thing left out: judge(np.array([13])) would be [[UNVERIFIABLE, UNFALSIFIABLE,
              MODEL]] for a claim 13 of which nobody can see anything

    >>> judge(np.array([2, 5, 2])).shape
    (3, 3)
    """
    raise NotImplementedError("replace this line")


if __name__ == "__main__":
    from tinyffn.lab import run_example

    run_example(judge)
