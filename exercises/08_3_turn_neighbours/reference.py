"""The answer to exercise 8.3, and how to get there.

Call the pair (u, v) and its angle a. The turn sends (1, 0) to (cos a, sin a) and (0, 1), which is a
quarter ahead, to (-sin a, cos a), and so

    (u, v)  ->  (u cos a - v sin a,  u sin a + v cos a)

That is the product of two complex numbers, u + iv and cos a + i sin a. Neighbouring numbers in
memory are just how NumPy keeps complex ones, so a view is all it takes.

Backward: u acts on the first number with the factor cos a, on the second with sin a; v with -sin a
and cos a. Hence du = dy_1 cos a + dy_2 sin a and dv = -dy_1 sin a + dy_2 cos a: the turn by -a, the
turn back. (Forward is a matrix R times the pair; backward is Rᵀ times dy, and the transposed of a
turn is its inverse.) With complex numbers: the factor cos a - i sin a.

The angles are formed in floats of 64 bits. A float of 32 bits has 7 digits; at position 1,000,000
only about one of them is left behind the point.
"""

import numpy as np


def turn(x, positions, base=10000.0):
    rates = float(base) ** -(np.arange(0, x.shape[-1], 2) / x.shape[-1])
    factors = np.exp(1j * np.multiply.outer(np.asarray(positions, "float64"), rates))
    factors = factors.astype(np.result_type(x.dtype, "complex64"))

    def times(numbers, factors):
        pairs = np.ascontiguousarray(numbers).view(factors.dtype)
        return (pairs * factors).view(numbers.dtype)

    return times(x, factors), lambda dy: times(dy, factors.conj())
