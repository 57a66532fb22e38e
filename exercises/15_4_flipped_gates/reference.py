"""The answer to exercise 15.4, and how to get there.

**The angle.** Take one neuron. All that matters of x are two numbers, a = w · x and b = v · x. They
are Gaussian with mean 0, and their moments are

    E[a²] = wᵀ C w      E[a b] = wᵀ C v      E[b²] = vᵀ C v        with C = moment

Two such numbers are like (|w| g · e, |v| g · f) for a g that prefers no direction in a plane and
unit vectors e and f in it, whose angle θ has

    cos θ  =  wᵀ C v / √(wᵀ C w  vᵀ C v)

For C = 1 this is the angle of w and v themselves. So the angle is to be measured as inputs see it.

**Flips.** g points in each direction equally often. The lines across e and f bound two wedges of
angle θ: flips = 2 θ / (2 π) = θ / π.

**Lost.** In the wedge where a > 0 and b <= 0, the angle between g and the line across e is a u from
0 to θ. There a = |w| r sin u, where r is the length of g. Length and direction are independent, and
E[r²] = 2:

    E[a² there]  =  |w|² 2 ∫_0^θ sin² u du / (2 π)  =  |w|² (θ - sin θ cos θ) / (2 π)

The whole is E[a² where a > 0] = |w|² / 2, so lost = (θ - sin θ cos θ) / π. For small θ this is
2 θ³ / (3 π): gates that flip are those where hardly anything is passed on.

**Zeros.** If v is zero and w is not, whatever the neuron passed on is lost: flips 1/2, lost 1. If w
is zero: flips 1/2 (or 0 if v is zero too), lost 0.

The code takes θ from its sine and cosine: so no cosine can be above 1 by rounding.
"""

import numpy as np


def flipped_gates(w, v, moment):
    ww, wv, vv = (np.sum(a * (moment @ b), axis=0) for a, b in ((w, w), (w, v), (v, v)))
    sine_squared = np.maximum(ww * vv - wv**2, 0)
    theta = np.arctan2(np.sqrt(sine_squared), wv)
    wedge = theta - np.sin(theta) * np.cos(theta)
    both, one = (ww > 0) & (vv > 0), (ww > 0) ^ (vv > 0)
    flips = np.where(both, theta / np.pi, one / 2)
    return flips, np.where(both, wedge / np.pi, (ww > 0) & one)
