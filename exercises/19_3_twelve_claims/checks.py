"""Checks of exercise 19.3: one for each claim, so that each misjudgement is argued with.

The key is the same for everybody, so no check tells it.
"""

from tinyffn.lab.checks import check, require


def about(n):
    """The check of claim n, which is asked for among all twelve, in any order."""

    @check(f"claim {n}", points=1, secret=True)
    def judged(task, rng):
        asked = rng.permutation(range(1, 13))
        found = task.judge(asked)
        require(getattr(found, "shape", None) == (12, 3), "a row of three numbers for each claim")
        row = found[asked.tolist().index(n)]
        names = ("what it is judged by", "how it holds", "what it leaves out")
        return {f"claim {n}, {name}": value for name, value in zip(names, row, strict=True)}

    return judged


one, two, three, four, five, six, *more = map(about, range(1, 13))
seven, eight, nine, ten, eleven, twelve = more
