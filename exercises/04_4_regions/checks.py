"""Checks of exercise 4.4. Lines are (w_0, w_1, b); which come first is drawn at random, or their
signs are, where the order decides what is asked.
"""

import numpy as np

from tinyffn.lab.checks import check

# No two of these directions are parallel.
DIRECTIONS = np.array([(1, 0), (0, 1), (1, 1), (1, -2), (3, 1), (-2, 3), (5, 2), (4, -7), (1, 6)])


def added(task, rng, lines, half):
    """The answer for these lines, each with a random sign: a line has two."""
    table = np.array(lines) * rng.choice([-1, 1], size=(len(lines), 1))
    return task.regions_added(table[:, :2].T.copy(), table[:, 2].copy(), half)


def through(rng, directions, point):
    """Lines in these directions through a point, in any order, each multiplied by something."""
    w = rng.permutation(np.array(directions))
    lines = np.column_stack([w, -w @ np.array(point)])
    return lines * rng.integers(1, 4, size=(len(lines), 1))


def apart(rng, n):
    """n lines in different directions; no two points where they meet have the same whole parts."""
    while True:
        w = rng.permutation(DIRECTIONS)[:n]
        lines = np.column_stack([w, rng.integers(-25, 26, size=n)])
        meetings = [np.cross(lines[i], lines[j]) for i in range(n) for j in range(i)]
        points = np.array([m[:2] / m[2] for m in meetings])
        if all(len(np.unique(f(points), axis=0)) == len(points) for f in (np.floor, np.round)):
            return lines


@check("every two lines meet, in points of their own", points=2)
def general(task, rng):
    return {f"added by {n} lines": added(task, rng, apart(rng, n), 900) for n in (5, 8)}


@check("what lies outside does not count", points=2, after=general.name)
def window(task, rng):
    far = rng.permutation([(1, 0, 9), (1, 2, 40), (-3, 1, 60)])
    near = [(1, 0, 0), (0, 1, 1), (2, 2, 5), (1, 10, -9), (1, -12, 23), (10, 1, -31), (1, -1, -7)]
    lines = np.concatenate([near[:3], far[:2], near[3:], far[2:]])
    return {
        "added (half 4)": added(task, rng, lines, 4),
        "added (half 2)": added(task, rng, lines, 2),
    }


@check("edges and corners are outside", points=1, after=window.name)
def edge(task, rng):
    """x + y = 6 touches a corner of the square of half 3; the next two meet on its edge."""
    lines = [(1, 0, 0), (1, 1, -6), (0, 1, 1), (1, -1, -3), (2, 1, -6), (1, 0, 3), (1, 2, 1)]
    return {"added": added(task, rng, lines, 3)}


@check("parallel lines", points=1, after=general.name)
def parallel(task, rng):
    """Three and three: a grid. Some are multiples of each other, but for b."""
    across = rng.permutation([(1, 2, -5), (2, 4, 3), (-1, -2, -4)])
    along = rng.permutation([(3, -1, 0), (-6, 2, 9), (3, -1, 11)])
    return {"added": added(task, rng, np.concatenate([across, along]), 100)}


@check("many lines through one point", points=2, after=general.name)
def concurrent(task, rng):
    star = through(rng, DIRECTIONS[:6], rng.integers(-5, 6, size=2))
    upright = [(1, 0, -3), (0, 1, -1), (0, 1, 2), (1, 1, -4), (1, 1, -1), (1, -1, -2)]
    return {
        "added (all through one point)": added(task, rng, star, 100),
        "added (two points on x = 3)": added(task, rng, [*upright[1:], upright[0]], 100),
    }


@check("points that lie close together", points=1, after=concurrent.name)
def close(task, rng):
    """Two lines meet the last one 1/600 apart, and the two before them in one point, at 1/3."""
    lines = [(300, 1, -100), (200, 1, -67), (3, 7, -1), (3, -2, -1), (0, 1, 0)]
    return {"added": added(task, rng, lines, 5)}


@check("no line, or an old one again", points=1, after=general.name)
def again(task, rng):
    lines, none = apart(rng, 4), np.array([(0, 0, 0), (0, 0, 7)])
    same = np.concatenate([lines[:3], none, lines[1:3], lines[3:], lines[:1]])
    factors = rng.choice([-2, -1, 3, 5], size=len(same))[:, None]
    return {
        "added (the same numbers again)": task.regions_added(same[:, :2].T.copy(), same[:, 2], 900),
        "added (multiplied by something)": added(task, rng, same * factors, 900),
    }


@check("all of it together", points=1, after=(window.name, concurrent.name))
def together(task, rng):
    """Random lines, among them some that are parallel, concurrent, missing, or multiples of others;
    then two of them once more with the same numbers.
    """
    known = np.array([(1, 2, -1), (-3, 1, 2)])
    table = np.concatenate([known, rng.integers(-3, 4, size=(24, 3)), known])
    w, b = table[:, :2].T.copy(), table[:, 2].copy()
    return {f"added (half {half})": task.regions_added(w, b, half) for half in (50, 2, 1)}


EARLIER = (general, window, edge, parallel, concurrent, close, again, together)


@check("points that floats cannot tell apart", points=1, after=tuple(c.name for c in EARLIER))
def exact(task, rng):
    """The first two lines meet the third in different points with the same nearest floats."""
    lines = [
        [(-263436, 516635, -107343), (58294, 313555, -127454), (452121, 628109, -351080)],
        [(447477, -603379, 256601), (-12230, -340975, 105763), (-624218, -492910, 63101)],
    ]
    return {f"added (set {k + 1})": added(task, rng, three, 2) for k, three in enumerate(lines)}
