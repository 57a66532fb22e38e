"""The axes that were filled up are still there: a gradient has just the shape of its term."""


def sum_gradients(dy, shapes):
    return [gradient(dy, shape) for shape in shapes]


def gradient(dy, shape):
    padded = shape + (1,) * (dy.ndim - len(shape))
    axes = tuple(i for i, size in enumerate(padded) if size != dy.shape[i])
    return dy.sum(axis=axes, keepdims=True)
