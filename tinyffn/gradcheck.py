"""Is a hand-written derivative the derivative? Central differences, in float64, on bare pairs.

A *pair* is a function `arrays -> (y, backward)`, such as `linear.pair`. Nothing here knows of
Tensors except `as_pair`, which makes a pair of any function of Tensors, whole models included.
"""

import numpy as np

from tinyffn.tensor import Tensor

STEP = 1e-5  # balances rounding (about 1e-16 / STEP) against curvature (about STEP²)
TOLERANCE = 1e-6


class GradientError(AssertionError):
    """A backward that disagrees with the numeric derivative."""


def numeric_gradient(f, x):
    """The gradient of a function of one array, by central differences.

        dx_i ≈ (f(x + h e_i) - f(x - h e_i)) / 2h,    h = 1e-5

    Arguments  f: takes an array of x's shape, returns a number; x: a float64 array, left untouched
    Returns    a float64 array of x's shape
    Errors     TypeError if x is not float64: with fewer digits the difference drowns in rounding
    """
    if not isinstance(x, np.ndarray) or x.dtype != np.float64:
        given = getattr(x, "dtype", type(x).__name__)
        raise TypeError(f"numeric_gradient: x is {given}, but must be a float64 array")
    x = x.copy()
    dx = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        value = x[i]
        x[i] = value + STEP
        above = float(f(x))
        x[i] = value - STEP
        below = float(f(x))
        x[i] = value
        dx[i] = (above - below) / (2 * STEP)
    return dx


def check_pair(pair, *arrays, rng, **settings):
    """Compare every gradient of a pair with its numeric twin, for a random upstream gradient.

    The upstream gradient matters: under a plain sum, whose upstream is all ones, a LayerNorm
    with dx = 0 passes.

    Arguments  arrays: float64, or None where the op allows it; rng: a np.random.Generator
    Returns    the largest error |a - n| / max(1, |n|) over all entries of all gradients
    Errors     GradientError if it is above 1e-6, or a gradient has the wrong shape
    """
    y, backward = pair(*arrays, **settings)
    dy = rng.standard_normal(np.shape(y))
    gradients = backward(dy)
    if not isinstance(gradients, tuple) or len(gradients) != len(arrays):
        raise GradientError(f"backward must return a tuple of {len(arrays)} gradients")
    worst = 0.0
    for position, (x, analytic) in enumerate(zip(arrays, gradients, strict=True)):
        if x is None:
            if analytic is not None:
                raise GradientError(f"argument {position} is None, so must be its gradient")
            continue

        def weighted_output(x, position=position):
            changed = (*arrays[:position], x, *arrays[position + 1 :])
            return np.vdot(pair(*changed, **settings)[0], dy)

        numeric = numeric_gradient(weighted_output, x)
        worst = max(worst, _error(f"argument {position}", analytic, numeric))
    return worst


def jacobians(pair, *arrays, argument=0, **settings):
    """The full Jacobian of a pair with regard to one argument: from its backward, and numeric.

    For tiny arrays: where `check_pair` says that something is wrong, this shows where.

    Returns    (analytic, numeric), both float64 of shape (*y.shape, *x.shape)
    """
    x = arrays[argument]
    y = np.asarray(pair(*arrays, **settings)[0])
    analytic = np.zeros((*y.shape, *x.shape))
    numeric = np.zeros((*y.shape, *x.shape))
    for i in np.ndindex(y.shape):
        one_hot = np.zeros_like(y)
        one_hot[i] = 1.0
        analytic[i] = pair(*arrays, **settings)[1](one_hot)[argument]

        def output(x, i=i):
            changed = (*arrays[:argument], x, *arrays[argument + 1 :])
            return np.asarray(pair(*changed, **settings)[0])[i]

        numeric[i] = numeric_gradient(output, x)
    return analytic, numeric


def as_pair(f):
    """Make a pair of a function of Tensors, such as a composition of ops or a model's loss.

    Its backward can be called once, as the graph can be walked once.
    """

    def pair(*arrays, **settings):
        leaves = [None if a is None else Tensor(a, requires_grad=True) for a in arrays]
        y = f(*leaves, **settings)

        def backward(dy):
            y.backward(dy)
            return tuple(None if leaf is None else leaf.grad for leaf in leaves)

        return y.data, backward

    return pair


def _error(name, analytic, numeric):
    if analytic is None or np.shape(analytic) != numeric.shape:
        given = "None" if analytic is None else f"a gradient of shape {np.shape(analytic)}"
        raise GradientError(
            f"{name}: backward gives {given}, but the argument has shape {numeric.shape}"
        )
    errors = np.abs(analytic - numeric) / np.maximum(1.0, np.abs(numeric))
    worst = float(errors.max(initial=0.0))
    if not worst <= TOLERANCE:  # written so that a NaN fails too
        i = tuple(int(k) for k in np.unravel_index(errors.argmax(), errors.shape))
        raise GradientError(
            f"{name}: at {i} backward gives {analytic[i]:.6g}, central differences give "
            f"{numeric[i]:.6g} (error {worst:.1e}, allowed {TOLERANCE:.0e})"
        )
    return worst
