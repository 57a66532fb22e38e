"""The answer to exercise 4.4, and how to get there.

The earlier lines cut the new one, inside the square, into parts: one more than there are different
points at which they meet it. The square is convex, so what lies inside of the new line is one
stretch. Each part runs through one region, from border to border, and splits it in two. So

    added = 1 + number of different meeting points strictly inside

unless there is no new line: w is zero, the line misses the square, or it is an old one.

The square is missed if w x + b has one sign all over it. The largest w·x on the closed square is
half (|w_0| + |w_1|), at a corner; if |b| is at least that, no inner point has w x + b = 0.

Two lines as vectors (w_0, w_1, b) have the cross product (x d, y d, d), where (x, y) is the point
at which they meet. It is all zero if the lines are one, and d = 0 if they are parallel. Everything
is a whole number, so nothing is rounded. Divided by their common factor, with d above 0, the three
numbers name the point: equal names, equal points.
"""

import numpy as np


def regions_added(w, b, half):
    rows = np.vstack([w, b]).T.astype(np.int64)
    added, drawn = [], []
    for row in rows:
        enters = abs(row[2]) < half * (abs(row[0]) + abs(row[1]))
        meetings = [np.cross(row, other) for other in drawn]
        if not enters or any(not meeting.any() for meeting in meetings):
            added.append(0)
            continue
        drawn.append(row)
        names = set()
        for meeting in meetings:
            d = meeting[2]
            if max(abs(meeting[0]), abs(meeting[1])) < half * abs(d):
                names.add(tuple((meeting // (np.gcd.reduce(meeting) * np.sign(d))).tolist()))
        added.append(1 + len(names))
    return np.array(added, dtype=np.int64)
