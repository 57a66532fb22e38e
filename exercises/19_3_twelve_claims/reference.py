"""The answer to exercise 19.3, and why.

1   8e9 (1 + 16 / 128) / 8 bytes are 1.125 GB. The claim says all that one needs to see that.
2   In lesson 06, 16 lost to 4 after 1,500 steps, and after 15,000; it won by a little where the
    weights of far places began small. So it holds under conditions that are not named.
3   Without a name nobody can look. No trace is found of it: that does not make it false.
4   That two ReLUs can, is proved; how often training finds them, only runs say. Of the 60 in
    lesson 03 fewer than half did.
5   Only the paper can say how its models were trained, and it does: 0.0003 and 0.00015.
6   A gated layer of equal d_ff has half as many weights again. At equal weights the gate gains,
    too, but less than half as much: what gained most was the size.
7   <R_m q, R_n k> = <q, R_(n - m) k>: two lines of algebra, for any q and k.
8   The protocol is told as one wishes, and still nobody else can do it again.
9   At 1,000 exposures of each fact. At 100 it is one bit, and in 4 bits less than that.
10  No test speaks of it before it is said what understanding is.
11  In lesson 14 facts were rewritten at the first FFN, at the place of the answer, where tracing
    found little.
12  The paper shows that they are better, and says that it has no explanation of why.
"""

import numpy as np

UNVERIFIABLE = 1
DERIVED = 2
MEASURED = 3
CITED = 4
SUPPORTED = 1
MIXED = 2
CONTRADICTED = 3
UNFALSIFIABLE = 4
NOTHING = 1
BASELINE = 2
CONDITION = 3
DEFINITION = 4
MODEL = 5
SOURCE = 6

VERDICTS = (
    (DERIVED, CONTRADICTED, NOTHING),  # 1
    (MEASURED, MIXED, CONDITION),  # 2
    (UNVERIFIABLE, UNFALSIFIABLE, SOURCE),  # 3
    (MEASURED, SUPPORTED, NOTHING),  # 4
    (CITED, SUPPORTED, NOTHING),  # 5
    (MEASURED, MIXED, BASELINE),  # 6
    (DERIVED, SUPPORTED, NOTHING),  # 7
    (UNVERIFIABLE, UNFALSIFIABLE, MODEL),  # 8
    (CITED, MIXED, CONDITION),  # 9
    (UNVERIFIABLE, UNFALSIFIABLE, DEFINITION),  # 10
    (MEASURED, CONTRADICTED, NOTHING),  # 11
    (CITED, CONTRADICTED, NOTHING),  # 12
)


def judge(claims):
    return np.array(VERDICTS)[claims - 1]
