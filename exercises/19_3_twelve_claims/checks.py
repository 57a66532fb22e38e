"""Checks of exercise 19.3. Each claim is compared by itself, to name what was misjudged.

The key is the same for everybody, so no check tells it.
"""

from tinyffn.lab.checks import check, require


def ask(task, rng, claims):
    """What is said of these claims, asked for in any order."""
    asked = rng.permutation(claims)
    found = task.judge(asked)
    require(
        getattr(found, "shape", None) == (len(asked), 3), "a row of three numbers for each claim"
    )
    rows = dict(zip(asked.tolist(), found, strict=True))
    names = ("what it is judged by", "how it holds", "what it leaves out")
    return {f"claim {n}, {names[i]}": rows[n][i] for n in sorted(rows) for i in range(3)}


@check("claims 1 to 3", points=3, secret=True)
def first(task, rng):
    return ask(task, rng, [1, 2, 3])


@check("claims 4 to 6", points=3, secret=True)
def second(task, rng):
    return ask(task, rng, [4, 5, 6])


@check("claims 7 to 9", points=3, secret=True)
def third(task, rng):
    return ask(task, rng, [7, 8, 9])


@check("claims 10 to 12", points=3, secret=True)
def fourth(task, rng):
    return ask(task, rng, [10, 11, 12])
