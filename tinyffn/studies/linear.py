"""Is it one dense layer in disguise? A map from R^d_in, read off from its outputs alone."""

import numpy as np

from tinyffn.arguments import must_be_callable, must_be_positive


def read_off(f, d_in):
    """The w (d_in, d_out) and b (d_out) with f(x) = x w + b, if f is such a map at all.

    b = f(0), and row i of w is f(e_i) - b: one call with zeros, one with the rows of the identity.

    Arguments  f: a function from (n, d_in) to (n, d_out)
    Errors     TypeError if f is no function; ValueError if d_in is no whole number above 0
    """
    must_be_callable("read_off", f=f)
    must_be_positive("read_off", d_in=d_in)
    b = f(np.zeros((1, d_in)))[0]
    return f(np.eye(d_in)) - b, b


def misfit(f, x):
    """How far f is from the one dense layer that `read_off` finds, on inputs x (n, d_in).

        max |f(x) - (x w + b)| / max |f(x) - b|

    About 1e-15 for any stack of dense layers: (x A + a) B + b = x (A B) + (a B + b). About 1 for a
    map that bends. 0 for a map that gives b everywhere.

    Errors     ValueError if x is not (n, d_in), or f gives a number that is not finite
    """
    if np.ndim(x) != 2:
        raise ValueError(f"misfit: x {np.shape(x)} must be (n, d_in): one input a row")
    w, b = read_off(f, x.shape[1])
    y = f(x)
    if not (np.isfinite(y).all() and np.isfinite(w).all() and np.isfinite(b).all()):
        raise ValueError("misfit: f gives a number that is not finite: no misfit can be told")
    reach = np.abs(y - b).max()
    return float(np.abs(y - (x @ w + b)).max() / reach) if reach > 0 else 0.0


def rank(w, *, tolerance=1e-10):
    """In how many independent directions the output of x w moves: singular values above zero.

    That is, above `tolerance` times the largest. For a product of tables it is at most the
    narrowest width among them.

    Errors     ValueError if w is not (d_in, d_out), or is empty
    """
    if np.ndim(w) != 2 or np.size(w) == 0:
        raise ValueError(f"rank: w {np.shape(w)} must be (d_in, d_out), neither of them 0")
    stretches = np.linalg.svd(w, compute_uv=False)
    return int(np.sum(stretches > tolerance * stretches[0]))
