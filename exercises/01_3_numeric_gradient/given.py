"""What the checks of exercise 1.3 hand to your functions. You may read and use all of it.

First plain functions, for numeric_gradient; then pairs, for largest_error. Most pairs are wrong.
"""


def cube(x):
    return x * x * x


def sum_of_cubes(x):
    return cube(x).sum()


def neighbours(x):
    """Each number times the next one along the last axis: one output fewer than inputs."""
    return x[..., :-1] * x[..., 1:]


def turned(x):
    """Rows become columns. NumPy copies nothing here: the result is a view of x."""
    return x.T


def cube_right(x):
    return cube(x), lambda dy: dy * 3 * x * x


def square_halved(x):
    return x * x, lambda dy: dy * x


def square_doubled(x):
    return x * x, lambda dy: dy * 4 * x


def square_shifted(x):
    return x * x, lambda dy: dy * 2 * x + 2


def square_with_an_axis_more(x):
    """The numbers are right, but they come in the shape (1, *x.shape)."""
    return x * x, lambda dy: (dy * 2 * x)[None]
