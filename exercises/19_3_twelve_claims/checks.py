"""Checks of exercise 19.3: one for each claim, so that each misjudgement is argued with.

The key is the same for everybody, so no check tells it.
"""

import numpy as np

from tinyffn.lab.checks import check, require


def about(n):
    """The check of claim n. All are asked for, each twice: who forgets the order gives too few."""

    @check(f"claim {n}", points=1, secret=True)
    def judged(task, rng):
        asked = rng.permutation(np.repeat(range(1, 13), 2))
        found = task.judge(asked)
        require(
            getattr(found, "shape", None) == (24, 3),
            "24 claims were asked for, each of the twelve twice, in any order: there must be a row "
            "of three numbers for each",
        )
        columns = found[asked == n].T
        names = (
            "what it is judged by (a run of a lesson, a calculation, a paper: which decides it?)",
            "how it holds (as it stands, under a condition, or not at all?)",
            "what it leaves out (would the verdict change, if that were added?)",
        )
        return {f"claim {n}, {name}": both for name, both in zip(names, columns, strict=True)}

    return judged


one, two, three, four, five, six, *more = map(about, range(1, 13))
seven, eight, nine, ten, eleven, twelve = more
