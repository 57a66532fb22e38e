"""The answer to exercise 2.1, and how to get there.

Fill the shape of a term up with 1 at its end, and call it full. An entry of the term stands in y at
all places that agree with it in the axes where full and y have one size; along all other axes it
was copied. Nudge the entry, and each of its copies moves by as much; the slopes of all copies add
up. So sum dy over the axes where the sizes differ, and take away the axes that were filled up.

Where y itself has size 1 there was no copy, and a sum over one entry would change nothing.
"""


def sum_gradients(dy, shapes):
    return [_gradient(dy, shape) for shape in shapes]


def _gradient(dy, shape):
    full = (*shape, *[1] * (dy.ndim - len(shape)))
    copied = [axis for axis in range(dy.ndim) if full[axis] < dy.shape[axis]]
    return dy.sum(axis=tuple(copied), keepdims=True).reshape(shape)
