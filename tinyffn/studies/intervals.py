"""How sure a count is: k of n runs did it, so how often would they do it in the long run?"""

import math

from tinyffn.arguments import is_whole, must_be_above, must_be_positive


def wilson(successes, n, *, z=1.96):
    """An interval for a share, from `successes` of n independent trials: (low, high).

        (s + z²/2 ± z √(s (n - s) / n + z²/4)) / (n + z²)

    With z = 1.96 it holds the true share in about 95 of 100 such studies. Unlike the usual
    s/n ± z √(...) it stays in [0, 1], and 60 of 60 does not give an interval of no length.

    Errors     ValueError if n is no whole number above 0, successes none from 0 to n, or z not
               above 0
    Source     Wilson 1927 (Probable inference, the law of succession, and statistical inference)
    """
    must_be_positive("wilson", n=n)
    must_be_above("wilson", 0, z=z)
    if not is_whole(successes) or not 0 <= successes <= n:
        raise ValueError(
            f"wilson: successes is {successes!r}, but must be a whole number from 0 to {n}"
        )
    middle = successes + z * z / 2
    half = z * math.sqrt(successes * (n - successes) / n + z * z / 4)
    return max(0.0, (middle - half) / (n + z * z)), min(1.0, (middle + half) / (n + z * z))
