"""Axes are summed one by one from the first, and each sum renumbers those behind it."""


def sum_gradients(dy, shapes):
    return [gradient(dy, shape) for shape in shapes]


def gradient(dy, shape):
    padded = shape + (1,) * (dy.ndim - len(shape))
    axes = tuple(i for i, size in enumerate(padded) if size != dy.shape[i])
    for axis in axes:
        dy = dy.sum(axis=axis)
    return dy.reshape(shape)
