"""Exercise 11.2: a spatial gate that looks back by distance, forward and backward.

Edit `spatial_gate` and save. Then check("11.2") in the notebook of lesson 11 says what is right so
far, and so does `tinyffn check 11.2` in a terminal. `python task.py` runs the example in the
docstring.
"""

import numpy as np


def spatial_gate(z: np.ndarray, taps: np.ndarray):
    """Scale one half of the channels by 1 plus a mixture, over positions, of the other half.

    The first half of z's channels is v, which is mixed; the second half is u, which is scaled.
    Tap k looks k positions back, and taps[0] at the position itself. Positions before the first
    one do not exist: they add nothing.

    Forward   y_tc = u_tc (1 + Σ_k taps_k v_t-k,c), over all k from 0 to K - 1 with k <= t
    Backward  dz and dtaps from dy: for you to derive
    Shapes    z (..., T, 2 d), taps (K) -> y (..., T, d)

    The dots stand for any number of leading axes, none included; no text sees another. There may
    be more taps than positions, and fewer. Return y and a function `backward` that takes dy, in the
    shape of y, and returns dz, dtaps. Floats of 32 bits in give floats of 32 bits out, and nothing
    that was handed in is written to.

    >>> z = np.array([[1.0, 10.0], [2.0, 20.0], [3.0, 30.0]])  # d = 1: v is 1 2 3, u is 10 20 30
    >>> y, backward = spatial_gate(z, np.array([0.5, 0.25]))
    >>> print(y.T)
    [[15. 45. 90.]]
    >>> dz, dtaps = backward(np.array([[0.0], [1.0], [1.0]]))
    >>> print(dz.T)
    [[ 5.   17.5  15.  ]
     [ 0.    2.25  3.  ]]
    >>> print(dtaps)
    [130.  80.]
    """
    raise NotImplementedError("replace this line")


if __name__ == "__main__":
    from tinyffn.lab import run_example

    run_example(spatial_gate)
